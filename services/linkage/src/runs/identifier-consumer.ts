import type { BatchContext, ConsumedBatch, DeadLetterPublisher } from '@throughline/event-bus';
import { deploymentOf, EventContractError } from '@throughline/event-contracts';
import type { Telemetry } from '@throughline/telemetry';
import { NotAnIdentifierRecord, readIdentifierMessage } from '../identifiers/identifier-message.js';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import type { Linker } from '../linking/linker.js';

/** Messages linked by one script, so that it stays short: a message is about six values. */
const MESSAGES_PER_WRITE = 250;

export interface IdentifierConsumerOptions {
  readonly linker: Linker;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  readonly telemetry: Pick<Telemetry, 'eventsConsumed' | 'consumeBatchSeconds' | 'fenced' | 'deadLetters'>;
}

/** Takes batches of `subject-identifiers` into one generation's index. */
export class IdentifierConsumer {
  constructor(private readonly options: IdentifierConsumerOptions) {}

  /** @returns false where another worker has moved the partition: read on from where the index stands. */
  async take(batch: ConsumedBatch, context: BatchContext): Promise<boolean> {
    const { linker, telemetry } = this.options;
    const began = performance.now();
    const deployment = deploymentOf(batch.topic) ?? '';
    let firstOffset = batch.firstOffset;
    for (let at = 0; at < batch.messages.length || firstOffset < batch.nextOffset; at += MESSAGES_PER_WRITE) {
      if (context.isStale() || !context.isRunning()) return false;
      const slice = batch.messages.slice(at, at + MESSAGES_PER_WRITE);
      const isLast = at + MESSAGES_PER_WRITE >= batch.messages.length;
      const nextOffset = isLast ? batch.nextOffset : Number(slice.at(-1)?.offset) + 1;
      const messages = await this.#readable(batch, slice, deployment);
      const result = await linker.link({ deployment, partition: `${deployment}.${batch.partition}`, firstOffset, nextOffset, messages });
      if (result.outcome === 'overtaken') {
        telemetry.fenced.add({ guard: 'offset' });
        return false;
      }
      firstOffset = nextOffset;
      await context.heartbeat();
    }
    telemetry.eventsConsumed.add({ deployment }, batch.messages.length);
    telemetry.consumeBatchSeconds.observe({}, (performance.now() - began) / 1_000);
    return true;
  }

  /** What cannot be read is put aside, acknowledged, before the partition goes on. */
  async #readable(batch: ConsumedBatch, slice: ConsumedBatch['messages'], deployment: string): Promise<IdentifierMessage[]> {
    const messages: IdentifierMessage[] = [];
    for (const { value, offset } of slice) {
      if (value === null) continue;
      try {
        messages.push(readIdentifierMessage(value));
      } catch (error) {
        if (!(error instanceof EventContractError || error instanceof NotAnIdentifierRecord)) throw error;
        const { code, remedy } = error;
        const { topic, partition } = batch;
        await this.options.deadLetters.deadLetter({ stage: 'linkage', deployment, topic, partition, offset: Number(offset), code, remedy });
        this.options.telemetry.deadLetters.add({ stage: 'link' });
      }
    }
    return messages;
  }
}
