import { epochDayToIsoDate } from '@throughline/event-contracts';
import type { EventsByType, EventType } from '@throughline/event-contracts';
import { asPayload, fold, TestAdapter } from '@throughline/adapter-kit/testing';
import { DWP_ADAPTER } from '../dwp.adapter.js';

/** What stands after some envelopes were sent. */
export interface FactsAfter {
  /** Fact (hex) and content hash (hex), in order. */
  readonly facts: readonly (readonly [string, string])[];
  /** Facts of one type that stand: the day they bear and what they say, in order of the day. */
  readonly of: <T extends EventType>(type: T) => readonly { readonly day: string | null; readonly said: EventsByType[T] }[];
}

/** Sends each envelope as a submission of its own, one after the other. */
export async function factsAfter(feed: 'dwp-citizen' | 'hmrc-rti', envelopes: readonly object[]): Promise<FactsAfter> {
  const adapter = new TestAdapter(DWP_ADAPTER);
  try {
    const { intake } = await adapter.restart();
    for (const envelope of envelopes) {
      const { submissionId } = await intake.accept(asPayload(JSON.stringify(envelope)), { feed, mediaType: 'application/json' });
      await intake.settled(submissionId);
    }
    const standing = [...fold(adapter.sink.events()).values()].filter(({ value }) => value.meta.change === 'STATED');
    return {
      facts: [...adapter.sink.factsInForce()].sort(),
      of: <T extends EventType>(type: T) =>
        standing
          .filter((event) => event.type === type)
          .map(({ value }) => ({ day: value.meta.occurredOn === null ? null : epochDayToIsoDate(value.meta.occurredOn.date), said: value as EventsByType[T] }))
          .sort((one, other) => ((one.day ?? '') < (other.day ?? '') ? -1 : 1)),
    };
  } finally {
    await adapter.dispose();
  }
}
