import { nodeFlags, SERVICES } from '@throughline/local';
import { writePopulation } from '@throughline/test-population';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { saying, startContender } from '../process/contender.js';
import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';
import { MEASURED_FEEDS } from './measured-feeds.js';
import type { PartOptions } from './part.js';

const SIZES = { quick: { people: 500, megabytes: 1, rounds: 1 }, full: { people: 2_000, megabytes: 4, rounds: 3 } };

/** What Node is told where the adapter runs for good: its heap is small. */
const flagsOf = (module: string): readonly string[] => SERVICES.filter(({ name }) => module.startsWith(`services/${name}/`)).flatMap(nodeFlags);

/** How fast each format is read by its adapter, beside a parser that does nothing with what it reads. */
export async function intakePart({ root, quick, progress }: PartOptions): Promise<Section[]> {
  const { people, megabytes, rounds } = quick ? SIZES.quick : SIZES.full;
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-files-'));
  try {
    const inventing = progress.start('Inventing people and what partners know of them', people, 'people');
    await writePopulation({ seed: 'bench', people, untidiness: 'tidy', directory: folder, progress: (done) => inventing.update(done) });
    inventing.finish();
    const task = progress.start('Reading partners’ files', MEASURED_FEEDS.length, 'formats');
    const rows: string[][] = [];
    for (const [index, { title, peer, module }] of MEASURED_FEEDS.entries()) {
      const { child, said } = await startContender(root, 'test/bench/src/parts/intake-run.ts', [root, folder, String(index), String(megabytes), String(rounds)], process.env, flagsOf(module));
      const found = (await said(saying('done'))) as Readonly<Record<'bare' | 'adapter' | 'ratio' | 'kept' | 'eventsPerSecond' | 'megabytes' | 'records', number>>;
      await child.exited;
      rows.push([
        title,
        `${peer} ${found.bare.toFixed(1)}`,
        found.adapter.toFixed(1),
        found.ratio.toFixed(1),
        whole((found.adapter / found.megabytes) * found.records),
        found.kept.toFixed(1),
        whole(found.eventsPerSecond),
      ]);
      task.update(index + 1);
    }
    task.finish();
    return [
      {
        title: 'Intake',
        method:
          `Files of ${whole(people)} invented people, held in memory, on one core, Node as adapters run it; both readers in one process, a first round to warm up, then medians of ${rounds}. ` +
          'Read: parsed, validated, mapped to facts, hashed, identifiers tokenised, judged by the ledger, events encoded (mode=validate). ' +
          'Kept: each file once from acceptance over the encrypted, synced spool and the ledger to the last acknowledged event, with a log that costs nothing. Both readers found the same records.',
        columns: ['', 'bare parser MB/s', 'read MB/s', 'times slower', 'records/s', 'kept MB/s', 'events/s'],
        rows,
        verdicts: [],
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
