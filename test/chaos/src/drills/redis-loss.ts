import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stateFolders, takeCut, waitFor } from '@throughline/local';
import type { Supervised } from '@throughline/local';
import { RedisConnection } from '@throughline/state-store';
import { exactCells, partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import { randomOf } from '../random.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { watchFigures } from './watched-figures.js';

/** What happens to Redis. `flushed`: emptied while it runs; the others: killed, and started on what is left. */
export const LOSSES = ['wiped', 'cut', 'yesterday', 'flushed'] as const;
type Loss = (typeof LOSSES)[number];

const PEOPLE = 60;
const APPENDED = 'appendonlydir';

/**
 * A platform with its figures at rest loses what Redis holds: all of it, what lies behind a random byte of the append-only
 * file, or all since an older copy. Whatever is shown meanwhile is what was shown before, or 503; after it the cells are the
 * same, the recount's, and a cut of them has the digest of the first.
 *
 * A trial is a loss.
 */
export async function redisLoss({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const random = randomOf(seed);
  const anomalies: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'throughline-redis-loss-'));
  let running: RunningPlatform | undefined;
  try {
    const [sample, later] = [join(folder, 'sample'), join(folder, 'later')];
    await writePopulation({ seed, people: PEOPLE, untidiness: 'untidy', directory: sample });
    await writePopulation({ seed: `${seed}/later`, people: PEOPLE, untidiness: 'untidy', directory: later });
    running = await runPlatform({ stateDir: join(folder, 'state') });
    const { platform, stateDir } = running;
    const redis = platform.redis!;
    const data = stateFolders(stateDir).redis;
    const outcomesUrl = platform.url('outcomes');
    await running.load(sample);
    const first = await running.cells();
    const { knowable } = recount(sample, { partnersByDeployment: await partnersByDeployment(stateDir), knowableOnly: true });
    const differences = describeDifferences(compareCells(first, knowable));
    if (differences !== '') anomalies.push(`before any loss: ${differences}`);
    const yesterday = join(folder, 'yesterday');
    await cp(join(data, APPENDED), yesterday, { recursive: true });
    await running.load(later);
    const { digest } = await takeCut(outcomesUrl);
    const before = await exactCells(outcomesUrl);
    const watched = watchFigures(outcomesUrl, before);
    const struck = Object.fromEntries(LOSSES.map((loss) => [loss, 0])) as Record<Loss, number>;
    try {
      for (let trial = 0; trial < trials; trial += 1) {
        signal?.throwIfAborted();
        const loss = LOSSES[trial % LOSSES.length]!;
        const where = await lose(loss, { redis, redisUrl: platform.redisUrl, data, yesterday, below: (limit) => random.below(limit) });
        const name = `trial ${trial + 1} (${where})`;
        await watched.asksAgain(signal);
        const cut = await waitFor(() => takeCut(outcomesUrl), { what: `figures after ${name}`, timeoutMs: 600_000, everyMs: 250, ...(signal === undefined ? {} : { signal }) });
        if (cut['digest'] !== digest) anomalies.push(`${name}: a cut of the same position has another digest`);
        const after = describeDifferences(compareCells(await exactCells(outcomesUrl), before));
        if (after !== '') anomalies.push(`${name}: ${after}`);
        anomalies.push(...watched.wrong().map((what) => `${name}: ${what}`));
        struck[loss] += 1;
        onTrial?.(trial + 1);
      }
    } finally {
      await watched.stop();
    }
    return { trials, anomalies, counts: { ...struck, ...watched.counts() } };
  } finally {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly redis: Supervised;
  readonly redisUrl: string;
  /** Redis's folder. */
  readonly data: string;
  /** An older copy of its append-only files. */
  readonly yesterday: string;
  readonly below: (limit: number) => number;
}

/** @returns what was done, in words */
async function lose(loss: Loss, { redis, redisUrl, data, yesterday, below }: Scene): Promise<string> {
  if (loss === 'flushed') {
    const connection = new RedisConnection({ url: redisUrl });
    await connection.command('FLUSHALL');
    await connection.close();
    return loss;
  }
  const appended = join(data, APPENDED);
  redis.kill();
  await redis.exited();
  let where: string = loss;
  if (loss === 'cut') {
    const file = (await readdir(appended)).filter((name) => name.endsWith('.incr.aof')).sort().at(-1);
    if (file === undefined) throw new Error(`no append-only file in ${appended}`);
    const { size } = await stat(join(appended, file));
    const at = below(size);
    await truncate(join(appended, file), at);
    where = `cut at byte ${at} of ${size}`;
  } else {
    await rm(appended, { recursive: true });
    if (loss === 'yesterday') await cp(yesterday, appended, { recursive: true });
  }
  // A moment without anybody there, so that services meet it.
  await pause(below(500));
  await redis.restart();
  return where;
}
