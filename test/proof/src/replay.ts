import type { SinkRecord } from '@throughline/adapter-kit';
import { asPayload } from '@throughline/adapter-kit/testing';
import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import { randomOf } from '@throughline/test-population';
import { OpenPartners, requestOf } from './feed-files.js';
import type { FeedFile } from './feed-files.js';
import { cellsAsArrived } from './permutations.js';
import { repeatsOf } from './repeated-file.js';
import type { RepeatedFile } from './repeated-file.js';

const PEOPLE = 60;
/** What the log tells is told twice in it, read in batches of these sizes. */
const BATCHES = [7, 100, 1_000];

/**
 * A trial: a record that is sent again, in a file as it was or written otherwise, several senders at once; or an event that
 * is told once more, at later places of the same log. Adapters, linker, consumer and rules as they are: the adapters
 * have nothing new to say, each record is accounted for, and no cell changes.
 */
export async function replay({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const found = { files: 0, 'sent again': 0, 'records sent again': 0, 'events told again': 0, cells: 0 };
  const anomalies: string[] = [];
  const random = randomOf('replay', seed);
  const repeats = (): number => found['records sent again'] + found['events told again'];
  for (let round = 0; repeats() < trials; round += 1) {
    // Of lives of their own: nothing of an earlier round is known.
    const partners = await OpenPartners.open();
    try {
      const files = await partners.files(`${seed} ${round}`, PEOPLE);
      const taken: FeedFile[] = [];
      for (const file of files) {
        const wrong = await sent(partners, file, [{ way: 'first', bytes: Buffer.from(file.text), request: requestOf(file.entry), refused: false }]);
        anomalies.push(...wrong.map((what) => `${file.entry.file}: ${what}`));
        if (wrong.length === 0) taken.push(file);
      }
      const log = partners.log();
      const before = await cellsAsArrived({ records: log, batch: BATCHES[0]! });
      if (before.size === 0) {
        anomalies.push(`round ${round}: no cell that could change`);
        break;
      }
      const known = new Set(log.map(nameOf));
      for (const file of taken) {
        signal?.throwIfAborted();
        const again = repeatsOf(file, random);
        anomalies.push(...(await sent(partners, file, again)).map((what) => `${file.entry.file}: ${what}`));
        found.files += 1;
        found['sent again'] += again.length;
        found['records sent again'] += recordsOf(partners, file) * again.filter(({ refused }) => !refused).length;
        onTrial?.(repeats());
      }
      const after = partners.log();
      const news = after.filter((record) => !known.has(nameOf(record))).length;
      if (news > 0) anomalies.push(`round ${round}: ${news} events that nothing told before`);
      for (const batch of BATCHES) {
        signal?.throwIfAborted();
        const shown = await cellsAsArrived({ records: [...after, ...after], batch });
        found['events told again'] += after.length;
        const changed = [...new Set([...before.keys(), ...shown.keys()])].filter((cell) => before.get(cell) !== shown.get(cell)).length;
        if (changed > 0) anomalies.push(`round ${round}: ${changed} of ${before.size} cells changed, read in batches of ${batch}`);
        onTrial?.(repeats());
      }
      found.cells += before.size;
    } finally {
      await partners.close();
    }
  }
  return { trials: repeats(), anomalies, counts: found };
}

const nameOf = ({ topic, key }: SinkRecord): string => `${topic} ${key.toString('hex')}`;

const submissions = new WeakMap<FeedFile, string>();

const recordsOf = (partners: OpenPartners, file: FeedFile): number => partners.adapter(file.entry.deployment).open.pipeline.job(submissions.get(file)!)!.detail.counts!.received;

/** Sends all of them at once. @returns what is wrong with what became of each */
async function sent(partners: OpenPartners, file: FeedFile, ways: readonly RepeatedFile[]): Promise<string[]> {
  const { intake, pipeline } = partners.adapter(file.entry.deployment).open;
  const first = submissions.get(file);
  const before = first === undefined ? null : recordsOf(partners, file);
  const wrong = await Promise.all(
    ways.map(async ({ way, bytes, request, refused }) => {
      const { submissionId } = await intake.accept(asPayload(bytes), request);
      if (first === undefined) submissions.set(file, submissionId);
      const state = await pipeline.settled(submissionId);
      if (state !== (refused ? 'refused' : 'published')) return [`${way}: is ${state}`];
      const told = pipeline.job(submissionId)?.detail.counts;
      if (refused) return [];
      if (told === undefined || told === null) return [`${way}: has no counts`];
      if (told.received !== told.published + told.skipped + told.refused) return [`${way}: ${told.received} records received, ${told.published} published, ${told.skipped} skipped, ${told.refused} refused`];
      return before !== null && told.received !== before ? [`${way}: ${told.received} of ${before} records received`] : [];
    }),
  );
  return wrong.flat();
}
