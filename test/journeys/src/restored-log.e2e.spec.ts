import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, isolatedSettings, stateFolders, takeCut, waitFor } from '@throughline/local';
import type { LocalSettings } from '@throughline/local';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, partnersByDeployment, recount } from '@throughline/test-recount';
import { exactCells, runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const PEOPLE = 60;

/** What the platform says of itself at one moment. */
interface Said {
  readonly cells: Map<string, number>;
  readonly cut: number;
  readonly digest: unknown;
  /** The feed as CSV: the last cut's own bytes. */
  readonly feed: string;
}

const feedOf = (outcomesUrl: string): Promise<string> =>
  waitFor(
    async () => {
      const response = await fetch(`${outcomesUrl}/feed/v1/outcomes?format=csv`);
      return response.ok && response.text();
    },
    { what: 'the cuts to be read from the log', timeoutMs: 120_000 },
  );

async function said({ platform }: RunningPlatform): Promise<Said> {
  const url = platform.url('outcomes');
  const { cut, digest } = await takeCut(url);
  return { cells: await exactCells(url), cut, digest, feed: await feedOf(url) };
}

describe('a log put back from a copy, beside an empty Redis', () => {
  let folder: string;
  let settings: LocalSettings;
  let running: RunningPlatform | undefined;
  const atSnapshot = {} as { said: Said };
  const atStop = {} as { said: Said };
  const copyOf = (name: string): string => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-restored-log-'));
    settings = await isolatedSettings(join(folder, 'state'), defaultCacheDir(process.env));
    for (const name of ['sample', 'later']) await writePopulation({ seed: `restored-log-${name}`, people: PEOPLE, untidiness: 'untidy', directory: join(folder, name) });
    const kafkaFolder = stateFolders(settings.stateDir).kafka;
    running = await runPlatform({ settings });
    await running.load(join(folder, 'sample'));
    atSnapshot.said = await said(running);
    const { knowable } = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
    expect(describeDifferences(compareCells(atSnapshot.said.cells, knowable))).toBe('');
    // What a snapshot of a volume holds: all files of one moment, the broker in the middle of its work.
    running.platform.kafka!.signal('SIGSTOP');
    await cp(kafkaFolder, copyOf('snapshot'), { recursive: true });
    running.platform.kafka!.signal('SIGCONT');
    await running.load(join(folder, 'later'));
    atStop.said = await said(running);
    expect(describeDifferences(compareCells(atStop.said.cells, atSnapshot.said.cells))).not.toBe('');
    await running.stop();
    running = undefined;
    await cp(kafkaFolder, copyOf('stopped'), { recursive: true });
  }, 600_000);
  afterEach(async () => {
    await running?.stop();
    running = undefined;
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['a snapshot of a running broker', 'snapshot', atSnapshot],
    ['the files of a stopped one', 'stopped', atStop],
  ])('gives the same figures and cuts: %s', async (_, copy, { said: before }) => {
    // Another machine: the keys, the copy, and nothing else.
    const stateDir = join(folder, `restored-${copy}`);
    const [from, to] = [stateFolders(settings.stateDir), stateFolders(stateDir)];
    await mkdir(stateDir);
    await cp(from.keys, to.keys, { recursive: true });
    await cp(copyOf(copy), to.kafka, { recursive: true });
    running = await runPlatform({ settings: { ...settings, stateDir }, services: ['linkage', 'outcomes'] });
    expect(await feedOf(running.platform.url('outcomes'))).toBe(before.feed);
    const after = await said(running);
    expect([...after.cells].sort()).toEqual([...before.cells].sort());
    expect([after.cut, after.digest]).toEqual([before.cut + 1, before.digest]);
  });
});
