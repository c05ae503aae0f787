import { deadLetterJson } from '@throughline/event-bus';
import { decodeEvent } from '@throughline/event-contracts';
import type { DecodedEvent } from '@throughline/event-contracts';
import type { EventSink, SinkDeadLetter, SinkRecord } from '../pipeline/event-sink.js';

/** A log in memory. Keeps everything ever published, in order, and can fail or stand still on demand. */
export class MemorySink implements EventSink {
  readonly records: SinkRecord[] = [];
  readonly letters: SinkDeadLetter[] = [];
  /** While set, publishing fails with it. */
  failure: Error | undefined;

  async publish(records: readonly SinkRecord[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.records.push(...records);
  }

  async deadLetters(letters: readonly SinkDeadLetter[]): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    // Refused here as the real one would refuse it.
    for (const letter of letters) deadLetterJson({ stage: 'intake', ...letter });
    this.letters.push(...letters);
  }

  /** Everything published, decoded. */
  events(): DecodedEvent[] {
    return this.records.map(({ value }) => decodeEvent(value));
  }

  /** Facts in force by the one rule: fact (hex) to content hash (hex), by greatest revision and content hash. */
  factsInForce(): ReadonlyMap<string, string> {
    return new Map([...fold(this.events())].filter(([, event]) => event.value.meta.change === 'STATED').map(([fact, event]) => [fact, event.value.meta.contentHash.toString('hex')]));
  }
}

/** Timelines of a log: fact (hex) to its greatest event. */
export const fold = (events: readonly DecodedEvent[]): Map<string, DecodedEvent> => {
  const timeline = new Map<string, DecodedEvent>();
  for (const event of events) {
    const fact = event.value.meta.factId.toString('hex');
    const known = timeline.get(fact);
    if (known === undefined || isGreater(event, known)) timeline.set(fact, event);
  }
  return timeline;
};

const isGreater = ({ value: { meta: left } }: DecodedEvent, { value: { meta: right } }: DecodedEvent): boolean =>
  (left.revision.instant - right.revision.instant || left.revision.sequence - right.revision.sequence || left.contentHash.compare(right.contentHash)) > 0;
