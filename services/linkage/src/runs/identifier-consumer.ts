import type { BatchContext, ConsumedBatch, DeadLetterPublisher, FetchedRecord } from '@throughline/event-bus';
import { deploymentOf, EventContractError, locationOf } from '@throughline/event-contracts';
import type { AppliedRotations } from '@throughline/identity';
import type { TopicLayout } from '@throughline/state-store';
import { NONE } from '@throughline/telemetry';
import type { Telemetry } from '@throughline/telemetry';
import { NotALinkDecision, readDecisionWord } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import { MisplacedIdentifierRecord, NotAnIdentifierRecord, readIdentifierMessage } from '../identifiers/identifier-message.js';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import type { Linker } from '../linking/linker.js';

/** Messages linked by one script, so that it stays short: a message is about six values. */
const MESSAGES_PER_WRITE = 250;

export interface IdentifierConsumerOptions {
  readonly linker: Linker;
  /** By which the generation's index is built. */
  readonly rotations: () => AppliedRotations;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  /** First offset that is not to be read for now; Infinity: none. Asked once for each batch, after it was fetched. */
  readonly stopBefore: (topic: string, partition: number) => Promise<number>;
  /** The partition has arrived where it has to wait. */
  readonly onStopped: (topic: string, partition: number) => void;
  readonly layout: Pick<TopicLayout, 'addMisplaced'>;
  readonly telemetry: Pick<Telemetry, 'eventsConsumed' | 'consumeBatchSeconds' | 'fenced' | 'deadLetters' | 'placeholderTokens'>;
}

/** Takes batches of `subject-identifiers`, and of `link-decisions`, into one generation's index. */
export class IdentifierConsumer {
  constructor(private readonly options: IdentifierConsumerOptions) {}

  /** @returns false where the partition is to be read from where the index stands: it was moved, or has to wait. */
  async take(batch: ConsumedBatch, context: BatchContext): Promise<boolean> {
    const { linker, telemetry } = this.options;
    const began = performance.now();
    const location = locationOf(batch.topic, batch.partition);
    // The one topic read here that is no deployment's is that of decisions.
    const deployment = deploymentOf(batch.topic);
    const stop = await this.options.stopBefore(batch.topic, batch.partition);
    if (batch.firstOffset >= stop) {
      this.options.onStopped(batch.topic, batch.partition);
      return false;
    }
    const all = [...batch.records].slice(0, batch.records.indexOf(stop));
    const end = Math.min(batch.nextOffset, stop);
    let firstOffset = batch.firstOffset;
    for (let at = 0; firstOffset < end; at += MESSAGES_PER_WRITE) {
      if (context.isStale() || !context.isRunning()) return false;
      const slice = all.slice(at, at + MESSAGES_PER_WRITE);
      const isLast = at + MESSAGES_PER_WRITE >= all.length;
      const nextOffset = isLast ? end : slice.at(-1)!.offset + 1;
      const read = await this.#readable(batch, slice, deployment);
      const result = await linker.link({ deployment: deployment ?? '', partition: location, firstOffset, nextOffset, ...read });
      if (result.outcome === 'overtaken') {
        telemetry.fenced.add({ guard: 'offset' });
        return false;
      }
      if (result.newPlaceholders > 0) telemetry.placeholderTokens.add({}, result.newPlaceholders);
      firstOffset = nextOffset;
      await context.heartbeat();
    }
    telemetry.eventsConsumed.add({ deployment: deployment ?? NONE }, all.length);
    telemetry.consumeBatchSeconds.observe({}, (performance.now() - began) / 1_000);
    return end === batch.nextOffset;
  }

  /** What cannot be read is put aside, acknowledged, before the partition goes on. */
  async #readable(batch: ConsumedBatch, slice: readonly FetchedRecord[], deployment: string | undefined): Promise<{ messages: IdentifierMessage[]; decisions: DecisionWord[] }> {
    const messages: IdentifierMessage[] = [];
    const decisions: DecisionWord[] = [];
    const { newest } = this.options.rotations();
    for (const { value, offset, timestamp } of slice) {
      if (value === null) continue;
      try {
        if (deployment === undefined) decisions.push(readDecisionWord(value));
        else messages.push(readIdentifierMessage(value, batch, newest));
      } catch (error) {
        if (!(error instanceof EventContractError || error instanceof NotAnIdentifierRecord || error instanceof MisplacedIdentifierRecord || error instanceof NotALinkDecision)) throw error;
        const { code, remedy } = error;
        const { topic, partition } = batch;
        const place = { ...(deployment === undefined ? {} : { deployment }), topic, partition, offset, appendedAt: timestamp };
        const told = await this.options.deadLetters.deadLetter({ stage: 'linkage', ...place, code, remedy });
        this.options.telemetry.deadLetters.add({ stage: 'link' }, told);
        if (error instanceof MisplacedIdentifierRecord) await this.options.layout.addMisplaced(1);
      }
    }
    return { messages, decisions };
  }
}
