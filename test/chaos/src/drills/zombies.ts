import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { readManifest, waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { exactCells, partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import type { Sent } from '../campaign.js';
import { PatientPartner } from '../patient-partner.js';
import { randomOf } from '../random.js';
import { recover } from '../recovery.js';
import { startAnother } from './another-process.js';
import type { AnotherProcess } from './another-process.js';
import { runOnRedisCluster } from './cluster-platform.js';
import type { ClusterPlatform } from './cluster-platform.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { partOf, sentInOrder } from './sent-parts.js';

const PEOPLE_PER_TRIAL = 20;
const LEAST_PEOPLE = 60;
/** Once in so many times whoever leaves is killed, and its session has to run out. */
const KILLED_EVERY = 4;

export interface ZombieOptions extends DrillOptions {
  /** How often somebody joins or leaves the group during each sleep; even, default 12. */
  readonly changesPerTrial?: number;
  /** The view lies on a Redis Cluster of three nodes. Default: on one server. */
  readonly onCluster?: boolean;
}

/** One of the two outcomes processes that share the partitions. */
interface Outcomes {
  readonly url: string;
  readonly signal: (name: NodeJS.Signals) => void;
}

/**
 * Two outcomes processes share the partitions. One is stopped in the middle of its work for longer than its session lasts;
 * the other takes all over and goes on; then the first wakes beside it, with what it remembers, while more arrives. Nothing
 * that it writes may count: a sweep of everyone afterwards changes no cell, and in the end the cells are the recount's.
 *
 * All the while a third joins and leaves, in order or killed, as fast as it starts: the group is dealt out anew each time.
 *
 * A trial is one such sleep.
 */
export async function zombies({ trials, seed, onTrial, signal: asked, changesPerTrial = 12, onCluster = false }: ZombieOptions): Promise<DrillReport> {
  const over = new AbortController();
  const signal = asked === undefined ? over.signal : AbortSignal.any([over.signal, asked]);
  const random = randomOf(seed);
  const randomOfThird = randomOf(`${seed} third`);
  const anomalies: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'throughline-zombies-'));
  let started: Pick<ClusterPlatform, 'running' | 'stop'> | undefined;
  let second: AnotherProcess | undefined;
  try {
    const sample = join(folder, 'sample');
    await writePopulation({ seed, people: Math.max(LEAST_PEOPLE, trials * PEOPLE_PER_TRIAL), untidiness: 'untidy', directory: sample });
    started = await (onCluster ? runOnRedisCluster : runOnOneServer)(join(folder, 'state'));
    const { running } = started;
    const { platform, stateDir, adapterUrl } = running;
    second = await startAnother(running, 'outcomes', signal);
    const first = platform.services.get('outcomes')!;
    const twins: readonly Outcomes[] = [
      { url: platform.url('outcomes'), signal: (name) => first.signal(name) },
      second,
    ];
    const counted = recount(sample, { partnersByDeployment: await partnersByDeployment(stateDir), knowableOnly: true });
    const partner = new PatientPartner({ folder: sample, adapterUrl, signal });
    const submissions = await readManifest(sample);
    const sent: Sent[] = [];
    const send = async (batch: readonly SampleSubmission[]): Promise<void> => void sent.push(...(await sentInOrder(partner, batch)));
    const parts = 2 * trials;
    const part = (at: number): readonly SampleSubmission[] => partOf(submissions, at, parts);
    await Promise.all(twins.map(({ url }) => atRest(url, signal)));
    let joined = 0;
    const comeAndGo = async (): Promise<void> => {
      for (let change = 0; change < changesPerTrial; change += 2) {
        signal.throwIfAborted();
        const third = await startAnother(running, 'outcomes', signal);
        joined += 1;
        await pause(randomOfThird.below(500));
        if (joined % KILLED_EVERY === 0) third.kill();
        await third.stop();
      }
    };
    const sleep = async (trial: number): Promise<void> => {
      const [zombie, awake] = trial % 2 === 0 ? [twins[0]!, twins[1]!] : [twins[1]!, twins[0]!];
      const before = send(part(2 * trial));
      await pause(random.below(300));
      zombie.signal('SIGSTOP');
      await before;
      // Only once the sleeper's session is over can all be read.
      await atRest(awake.url, signal);
      const after = send(part(2 * trial + 1));
      await pause(random.below(50));
      zombie.signal('SIGCONT');
      await after;
      const cells = await atRest(zombie.url, signal);
      await fetch(`${awake.url}/internal/sweep`, { method: 'POST' });
      const swept = await atRest(awake.url, signal);
      const changed = describeDifferences(compareCells(cells.cells, swept.cells));
      // What a partner sent and an adapter published between the two looks is news, not a stale write.
      if (changed !== '' && cells.position === swept.position) anomalies.push(`trial ${trial + 1}: a sweep changed figures: ${changed}`);
    };
    for (let trial = 0; trial < trials; trial += 1) {
      signal.throwIfAborted();
      await Promise.all([sleep(trial), comeAndGo()]);
      onTrial?.(trial + 1);
    }
    const { anomalies: found, cells } = await recover({ sent, adapterUrl, outcomesUrl: twins[0]!.url, counted, signal });
    anomalies.push(...found.map(({ promise, what }) => `${promise}: ${what}`));
    const other = describeDifferences(compareCells(await exactCells(twins[1]!.url), counted.knowable));
    if (other !== '') anomalies.push(`as the other process shows them: ${other}`);
    return { trials, anomalies, counts: { submissions: sent.length, cells, 'joined and left': joined * 2 } };
  } finally {
    over.abort();
    second?.signal('SIGCONT');
    await second?.stop();
    started?.running.platform.services.get('outcomes')?.signal('SIGCONT');
    await started?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function runOnOneServer(stateDir: string): Promise<Pick<ClusterPlatform, 'running' | 'stop'>> {
  const running = await runPlatform({ stateDir });
  return { running, stop: () => running.stop() };
}

interface AtRest {
  readonly cells: Map<string, number>;
  /** Offsets up to which all is counted, as text. */
  readonly position: string;
}

/** The cells once everything in the log is counted and nobody is marked. */
async function atRest(url: string, signal: AbortSignal): Promise<AtRest> {
  return waitFor(
    async () => {
      const response = await fetch(`${url}/internal/cells`, { signal });
      if (!response.ok) return undefined;
      const { behind, marks, position, cells } = (await response.json()) as { behind: number; marks: number; position: object; cells: readonly { readonly key: string; readonly count: number }[] };
      return behind === 0 && marks === 0 ? { cells: new Map(cells.map(({ key, count }) => [key, count])), position: JSON.stringify(position) } : undefined;
    },
    { what: `all to be counted at ${url}`, timeoutMs: 600_000, everyMs: 100, signal },
  );
}
