import { readJson, SubmissionRefused } from '@throughline/adapter-kit';
import type { ReadContext, ReadItem, RecordFault } from '@throughline/adapter-kit';
import { asObject } from './json-fields.js';
import type { JsonObject } from './json-fields.js';

/** What one envelope yields: the section it opens and its one record, or why it cannot be read. */
export type EnvelopeItems<R> = (envelope: JsonObject, ordinal: number) => Iterable<ReadItem<R>>;

/**
 * Reads envelopes of one type, a single document or one a line. A document of another type refuses a single submission
 * whole, and is one unreadable record among many.
 */
export async function* readEnvelopes<R>(
  payload: AsyncIterable<Uint8Array>,
  context: ReadContext,
  type: string,
  itemsOf: EnvelopeItems<R>,
): AsyncGenerator<ReadItem<R>, void, void> {
  if (context.format !== 'json' && context.format !== 'ndjson') {
    throw new SubmissionRefused('not-this-format', 'Content-Type', 'JSON or NDJSON', 'Send application/json or application/x-ndjson.');
  }
  for await (const { ordinal, value, fault } of readJson(payload, { format: context.format, limits: context.limits })) {
    if (fault !== null) {
      yield* unreadable<R>(ordinal, fault);
      continue;
    }
    const envelope = asObject(value);
    if (envelope['type'] === type) {
      yield* itemsOf(envelope, ordinal);
    } else if (context.format === 'json') {
      throw new SubmissionRefused('not-this-format', 'type', `"${type}"`, 'Put the documents into the envelope of this feed, or name the right feed.');
    } else {
      yield* unreadable<R>(ordinal, { code: 'bad-code', path: 'type', expected: `"${type}"`, remedy: 'Send each feed as a submission of its own.' });
    }
  }
}

/** A record that belongs to nobody: its section says nothing of anyone. */
export function* unreadable<R>(ordinal: number, fault: RecordFault): Generator<ReadItem<R>, void, void> {
  yield { kind: 'section', header: { clock: { instant: new Date(0), serial: 0 }, scope: 'unreadable', absence: { speaks: false } } };
  yield { kind: 'unreadable', ordinal, reference: null, fault };
}

/** Whether `key` was seen before in this submission; remembers it. */
export const repeats = (seen: Set<string>, key: string): boolean => seen.size === seen.add(key).size;
