import { readJson, readRecord, readXml, SubmissionRefused } from '@throughline/adapter-kit';
import type { ReadContext, ReadItem, RecordFault, SectionHeader } from '@throughline/adapter-kit';
import { eventOf, readEnvelope, readMessage, REQUEST_EVENT } from './bars-message.js';
import type { BarsMessage } from './bars-message.js';
import { FHIR_NAMESPACE, nodeFromJson, nodeFromXml, textAt } from './fhir-node.js';
import type { FhirNode } from './fhir-node.js';

/** A record of the feed: a message, or one among many that speaks of something else. */
export type BarsRecord = BarsMessage | 'not-in-scope';

/** A document of the payload; `node` null: no JSON object. */
interface BarsDocument {
  readonly ordinal: number;
  readonly node: FhirNode | null;
  readonly fault: RecordFault | null;
}

/**
 * Reads BaRS messages: one bundle as JSON or XML, or many as NDJSON. Each message is a section under its own clock.
 * Throws {@link SubmissionRefused} for a single document that is no BaRS referral request; among many it is only skipped.
 */
export async function* readBars(payload: AsyncIterable<Uint8Array>, context: ReadContext): AsyncGenerator<ReadItem<BarsRecord>, void, void> {
  const seen = new Set<string>();
  for await (const document of documentsOf(payload, context)) {
    if (context.format === 'ndjson') yield* readOneOfMany(document, seen, context.latestClock);
    else yield* readSingle(document, seen, context.latestClock);
  }
}

async function* documentsOf(payload: AsyncIterable<Uint8Array>, { format, limits }: ReadContext): AsyncGenerator<BarsDocument, void, void> {
  if (format === 'json' || format === 'ndjson') {
    for await (const { ordinal, value, fault } of readJson(payload, { format, limits })) {
      yield { ordinal, node: nodeFromJson(value), fault };
    }
    return;
  }
  for await (const element of readXml(payload, { paths: ['Bundle'], namespace: FHIR_NAMESPACE, limits })) {
    yield { ordinal: 1, node: nodeFromXml(element), fault: null };
  }
}

function* readSingle({ node }: BarsDocument, seen: Set<string>, latestClock: Date): Generator<ReadItem<BarsRecord>, void, void> {
  const refusal = node === null ? NOT_A_BUNDLE : scopeOf(node);
  if (refusal !== null) throw new SubmissionRefused(refusal.code, refusal.place, refusal.expected, refusal.remedy);
  if (node !== null) yield* readBundle(node, 1, seen, latestClock);
}

function* readOneOfMany({ ordinal, node, fault }: BarsDocument, seen: Set<string>, latestClock: Date): Generator<ReadItem<BarsRecord>, void, void> {
  if (fault !== null) {
    yield sectionAt(null);
    yield { kind: 'unreadable', ordinal, reference: null, fault };
  } else if (node === null || scopeOf(node) !== null) {
    yield sectionAt(null);
    // The reference only has to be nobody's: nothing is stated under it.
    yield { kind: 'record', ordinal, reference: `not-in-scope|${ordinal}`, record: 'not-in-scope' };
  } else {
    yield* readBundle(node, ordinal, seen, latestClock);
  }
}

function* readBundle(bundle: FhirNode, ordinal: number, seen: Set<string>, latestClock: Date): Generator<ReadItem<BarsRecord>, void, void> {
  const envelope = readRecord(() => readEnvelope(bundle, latestClock));
  if (envelope.fault !== null) {
    yield sectionAt(null);
    yield { kind: 'unreadable', ordinal, reference: null, fault: envelope.fault };
    return;
  }
  const { timestamp, reference } = envelope.record;
  yield sectionAt(timestamp);
  const once = `${timestamp.getTime()} ${reference}`;
  if (seen.has(once)) {
    yield { kind: 'unreadable', ordinal, reference, fault: REPEATED };
    return;
  }
  seen.add(once);
  const message = readRecord(() => readMessage(envelope.record));
  yield message.fault === null
    ? { kind: 'record', ordinal, reference, record: message.record }
    : { kind: 'unreadable', ordinal, reference, fault: message.fault };
}

/** A section in which nothing is stated has no clock to say: any will do, since absence says nothing. */
function sectionAt(timestamp: Date | null): { readonly kind: 'section'; readonly header: SectionHeader } {
  return { kind: 'section', header: { clock: { instant: timestamp ?? new Date(0), serial: 0 }, scope: 'bars', absence: { speaks: false } } };
}

interface Refusal {
  readonly code: 'not-this-format' | 'unsupported-message';
  readonly place: string;
  readonly expected: string;
  readonly remedy: string;
}

const NOT_A_BUNDLE: Refusal = {
  code: 'not-this-format',
  place: 'Bundle.resourceType',
  expected: 'a FHIR Bundle',
  remedy: 'Send the whole BaRS message.',
};

/** Why a document is none of this feed's; null where it is. A bundle without header has a fault of its own. */
function scopeOf(node: FhirNode): Refusal | null {
  if (textAt(node, 'resourceType') !== 'Bundle') return NOT_A_BUNDLE;
  if (textAt(node, 'type') !== 'message') {
    return { code: 'not-this-format', place: 'Bundle.type', expected: 'message', remedy: 'Send a BaRS message, not a collection or transaction.' };
  }
  const event = eventOf(node);
  if (event === REQUEST_EVENT || event === undefined) return null;
  return {
    code: 'unsupported-message',
    place: 'MessageHeader.eventCoding.code',
    expected: REQUEST_EVENT,
    remedy: 'Send referral requests only; responses and bookings are not taken.',
  };
}

const REPEATED: RecordFault = {
  code: 'duplicate-record',
  path: 'Bundle.timestamp',
  expected: 'one message for a referral and instant',
  remedy: 'Leave the second out, or give it its own timestamp.',
};
