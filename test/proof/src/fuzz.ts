import { asPayload } from '@throughline/adapter-kit/testing';
import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import fc from 'fast-check';
import { OpenPartners, requestOf } from './feed-files.js';
import type { FeedFile } from './feed-files.js';
import { seedOf } from './permutations.js';

const PEOPLE = 3;
/** A file is cut to so much before it is changed, so that a change is likely to matter. */
const MOST_BYTES = 6_000;

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
    const files = await partners.files(`fuzz ${seed}`, PEOPLE);
    const counts: Record<string, number> = { 'refused whole': 0 };
    let done = 0;
    const anyInput = fc.record({ file: fc.constantFrom(...files), changes: fc.array(anyChange, { minLength: 1, maxLength: 4 }) });
    const property = fc.asyncProperty(anyInput, async ({ file, changes }) => {
      signal?.throwIfAborted();
      const bytes = changes.reduce<Buffer>((changed, change) => change(changed), Buffer.from(file.text.slice(0, MOST_BYTES)));
      if (await looked(partners, file, bytes)) counts['refused whole']! += 1;
      counts[file.entry.feed] = (counts[file.entry.feed] ?? 0) + 1;
      done += 1;
      onTrial?.(done);
    });
    const details = await fc.check(property, { numRuns: trials, seed: seedOf(seed) });
    const anomalies = details.failed ? [`${String(details.errorInstance)}, seed ${details.seed}, path ${details.counterexamplePath}`] : [];
    return { trials: details.numRuns, anomalies, counts };
  } finally {
    await partners.close();
  }
}

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
