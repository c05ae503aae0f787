import { asPayload } from '@throughline/adapter-kit/testing';
import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import fc from 'fast-check';
import { OpenPartners, readerName, READERS, requestOf } from './feed-files.js';
import type { FeedFile, FeedReader } from './feed-files.js';
import { seedOf } from './compared-cells.js';

/** As few people as leave a reader a file, so that files are small. */
const FEWEST_PEOPLE = 3;
/** With so many, somebody is in every file that is ever written. */
const MOST_PEOPLE = 1_000;
/** A file is cut to so much before it is changed, so that a change is likely to matter. */
const MOST_BYTES = 6_000;
/** Of an input that seemed to take longer than all before it; the least of its times counts. */
const TRIES_MORE = 2;

type Change = (bytes: Buffer) => Buffer;

const place = fc.double({ min: 0, max: 1, noNaN: true });
const at = (bytes: Buffer, share: number): number => Math.floor(share * bytes.length);

/** One change of a file's bytes. */
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(([where, byte]): Change => (bytes) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[Math.min(at(bytes, where), bytes.length - 1)] = byte;
    return changed;
  }),
  place.map((where): Change => (bytes) => bytes.subarray(0, at(bytes, where))),
  fc.tuple(place, place).map(([from, to]): Change => (bytes) => Buffer.concat([bytes.subarray(0, at(bytes, Math.min(from, to))), bytes.subarray(at(bytes, Math.max(from, to)))])),
  fc.tuple(place, place, place).map(([from, to, where]): Change => (bytes) => {
    const piece = bytes.subarray(at(bytes, Math.min(from, to)), at(bytes, Math.max(from, to)));
    return Buffer.concat([bytes.subarray(0, at(bytes, where)), piece, bytes.subarray(at(bytes, where))]);
  }),
  fc.tuple(place, fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 12 }), fc.constantFrom('"', '<', '</', ']]>', '<!DOCTYPE a [<!ENTITY b "c">]>', '&b;', '{', '}', '[', '\\u', '\r', '\0', '1e999', ',,')))
    .map(([where, piece]): Change => (bytes) => Buffer.concat([bytes.subarray(0, at(bytes, where)), Buffer.from(piece as string), bytes.subarray(at(bytes, where))])),
);

/** A trial: one input, looked at as a submission is that is only validated. It has counts that add up, or a refusal with its code. */
export async function fuzz({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const partners = await OpenPartners.open();
  try {
    const files = await filesOfReaders(partners, seed);
    let longestMs = 0;
    const counts: Record<string, number> = { 'refused whole': 0, ...Object.fromEntries(READERS.map((reader) => [readerName(reader), 0])) };
    let done = 0;
    const anyFile = fc.constantFrom(...files).chain(([reader, its]) => fc.record({ reader: fc.constant(reader), file: fc.constantFrom(...its) }));
    const anyInput = fc.record({ of: anyFile, changes: fc.array(anyChange, { minLength: 1, maxLength: 4 }) });
    const property = fc.asyncProperty(anyInput, async ({ of: { reader, file }, changes }) => {
      signal?.throwIfAborted();
      const bytes = changes.reduce<Buffer>((changed, change) => change(changed), Buffer.from(file.text.slice(0, MOST_BYTES)));
      const [refused, first] = await timed(() => looked(partners, file, bytes));
      // What a busy machine held up once, it does not hold up each time.
      let tookMs = first;
      for (let again = 0; tookMs > longestMs && again < TRIES_MORE; again += 1) tookMs = Math.min(tookMs, (await timed(() => looked(partners, file, bytes)))[1]);
      longestMs = Math.max(longestMs, tookMs);
      if (refused) counts['refused whole']! += 1;
      counts[reader]! += 1;
      done += 1;
      onTrial?.(done);
    });
    const details = await fc.check(property, { numRuns: trials, seed: seedOf(seed) });
    // Not a failure of what was tried.
    signal?.throwIfAborted();
    const untried = READERS.map(readerName).filter((reader) => counts[reader] === 0);
    const anomalies = details.failed ? [`${String(details.errorInstance)}, seed ${details.seed}, path ${details.counterexamplePath}`] : untried.map((reader) => `${reader}: no input was tried`);
    return { trials: details.numRuns, anomalies, counts: { ...counts, 'ms of an input, the longest': Math.ceil(longestMs) } };
  } finally {
    await partners.close();
  }
}

/** What it gave, and the milliseconds it took. */
async function timed<T>(run: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now();
  return [await run(), performance.now() - began];
}

/** Files with records for each reader, by its name; of the smallest population that has one for it. */
async function filesOfReaders(partners: OpenPartners, seed: string): Promise<[string, FeedFile[]][]> {
  const found = new Map<string, FeedFile[]>();
  for (let people = FEWEST_PEOPLE; found.size < READERS.length && people <= MOST_PEOPLE; people *= 2) {
    const files = await partners.files(`fuzz ${seed}`, people);
    for (const reader of READERS) {
      const its = found.has(readerName(reader)) ? [] : files.flatMap((file) => asRead(reader, file)).filter(hasRecords);
      if (its.length > 0) found.set(readerName(reader), its);
    }
  }
  return [...found];
}

/** The file, where the reader is for it; a line of an NDJSON file is a JSON document of the same feed. */
function asRead({ feed, format, mediaTypes }: FeedReader, file: FeedFile): FeedFile[] {
  const { entry, text } = file;
  if (entry.feed !== feed) return [];
  if (mediaTypes.includes(entry.mediaType)) return [file];
  const [line = ''] = text.split('\n', 1);
  return format === 'json' && entry.mediaType.includes('ndjson') ? [{ entry: { ...entry, mediaType: mediaTypes[0]! }, text: line }] : [];
}

/** A heading alone has none. */
const hasRecords = ({ entry, text }: FeedFile): boolean => text.trim().split('\n').length > (entry.mediaType.includes('csv') ? 1 : 0);

/** @returns whether the input was refused whole. Whatever is thrown that has no code is thrown on. */
async function looked(partners: OpenPartners, { entry }: FeedFile, bytes: Buffer): Promise<boolean> {
  const { intake } = partners.adapter(entry.deployment).open;
  try {
    const outcome = await intake.validate(asPayload(bytes), requestOf(entry));
    try {
      const { counts, refusal } = outcome;
      const isCoded = [...outcome.findings()].every(({ fate, code }) => fate !== 'refused' || /^[a-z][a-z-]+$/.test(code));
      const addsUp = counts === null ? refusal !== null && refusal.code !== '' : counts.received === counts.published + counts.skipped + counts.refused;
      if (!isCoded || !addsUp) throw new Error(`${entry.feed}: a finding without a code, or counts that do not add up`);
      return counts === null;
    } finally {
      outcome.release();
    }
  } catch (error) {
    if (error instanceof Error && typeof (error as { code?: unknown }).code === 'string' && 'remedy' in error) return true;
    throw error;
  }
}
