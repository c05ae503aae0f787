import { createHash } from 'node:crypto';
import type { OutgoingRecord } from '@throughline/event-bus';
import { decodeEvent, defaultBody, encodeEvent, eventKey } from '@throughline/event-contracts';
import type { Random } from '../random.js';

/** The word in force on a fact. */
type Words = Map<string, { readonly revision: number; readonly event: string }>;

/** A fact of one of a publisher's hundred subjects, now and then one that was sent before. */
export function eventOf(topic: string, publisher: number, random: Random, sent: readonly OutgoingRecord[]): OutgoingRecord {
  if (sent.length > 0 && random.chance(0.05)) return sent[random.below(sent.length)]!;
  const subject = idOf('subject', publisher, random.below(100));
  const factId = idOf('fact', subject.toString('hex'), random.below(3));
  const revision = { instant: 1_760_000_000_000 + sent.length, sequence: 0 };
  const eventId = idOf('event', factId.toString('hex'), revision.instant);
  const meta = {
    eventId,
    factId,
    subject,
    revision,
    contentHash: eventId.subarray(0, 8),
    change: 'STATED' as const,
    occurredOn: { date: 20_000 + random.below(500), precision: 'DAY' as const },
    recordedAt: 1_760_000_000_000,
    source: { partner: 'drill', system: 'rtof', submission: idOf('submission', publisher), record: 1 },
    agreementId: 'dsa-drill',
    programme: null,
    evidence: 'CASE_RECORD' as const,
    place: null,
  };
  return { topic, key: eventKey(subject, eventId), value: encodeEvent('SupportStarted', { meta, ...defaultBody('SupportStarted') }) };
}

const idOf = (...parts: readonly (string | number)[]): Buffer => createHash('sha256').update(parts.join('/')).digest().subarray(0, 16);

/**
 * What of what was acknowledged does not stand in the log as it was published: lost, changed, moved before what was published
 * earlier, or a word in force that is not the last. Copies are no anomaly.
 * @param published by publisher, in the order of publishing
 * @param stored as the log is read, each partition in its order
 */
export function anomaliesOf(published: readonly (readonly OutgoingRecord[])[], stored: readonly OutgoingRecord[]): string[] {
  const anomalies: string[] = [];
  const bodies = new Map<string, string>();
  const places = new Map<string, number>();
  for (const [at, { key, value }] of stored.entries()) {
    const name = hexOf(key);
    if ((bodies.get(name) ?? hexOf(value)) !== hexOf(value)) anomalies.push(`event ${name}: two records of one key differ`);
    bodies.set(name, hexOf(value));
    if (!places.has(name)) places.set(name, at);
  }
  for (const sent of published) {
    const lastOf = new Map<string, number>();
    const seen = new Set<string>();
    for (const { key, value } of sent) {
      const name = hexOf(key);
      if (seen.has(name)) continue;
      seen.add(name);
      const place = places.get(name);
      if (place === undefined) anomalies.push(`event ${name}: acknowledged and not in the log`);
      else if (bodies.get(name) !== hexOf(value)) anomalies.push(`event ${name}: not in the log as it was sent`);
      else {
        // Of one subject, so of one partition: read in the order of the log.
        const subject = name.slice(0, 32);
        if (place < (lastOf.get(subject) ?? -1)) anomalies.push(`event ${name}: stands before one that was published earlier`);
        lastOf.set(subject, place);
      }
    }
  }
  const known = new Set(published.flat().map(({ key }) => hexOf(key)));
  for (const name of places.keys()) if (!known.has(name)) anomalies.push(`event ${name}: stored and never published`);
  const [said, kept] = [wordsOf(published.flat()), wordsOf(stored)];
  for (const [fact, word] of said) if (kept.get(fact)?.event !== word.event) anomalies.push(`fact ${fact}: the log says another word than was published last`);
  if (kept.size !== said.size) anomalies.push(`${kept.size} facts in the log, ${said.size} published`);
  return anomalies;
}

const hexOf = (bytes: Buffer | null): string => bytes?.toString('hex') ?? '';

/** Greatest revision of each fact: what a timeline keeps. */
function wordsOf(records: readonly OutgoingRecord[]): Words {
  const words: Words = new Map();
  for (const { value } of records) {
    if (value === null) continue;
    const { meta } = decodeEvent(value).value;
    const fact = meta.factId.toString('hex');
    if (meta.revision.instant > (words.get(fact)?.revision ?? -1)) words.set(fact, { revision: meta.revision.instant, event: meta.eventId.toString('hex') });
  }
  return words;
}
