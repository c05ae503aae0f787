import { cp, mkdtemp, readdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { stateFolders, takeCut, waitFor } from '@throughline/local';
import { exactCells, partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import { emptyRedis } from '../emptied-redis.js';
import { randomOf } from '../random.js';
import { runOnRedisCluster } from './cluster-platform.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { watchFigures } from './watched-figures.js';

/** What happens to Redis. `flushed`: emptied while it runs; the others: killed, and started on what is left. */
export const LOSSES = ['wiped', 'cut', 'yesterday', 'flushed'] as const;
type Loss = (typeof LOSSES)[number];
/** What happens to one node of a cluster; the others keep what they hold. */
export const NODE_LOSSES = ['yesterday', 'cut', 'wiped'] as const;

/** A server and its folder. */
interface Node {
  readonly data: string;
  readonly kill: () => Promise<unknown>;
  readonly restart: () => Promise<void>;
}

/** Where the platform keeps its view. */
interface Store {
  readonly running: RunningPlatform;
  readonly nodes: readonly Node[];
  readonly stop: () => Promise<void>;
}

const PEOPLE = 60;
const APPENDED = 'appendonlydir';

/** Redis is one server, and loses what it holds. A trial is a loss. */
export const redisLoss = (options: DrillOptions): Promise<DrillReport> =>
  lossesOf(LOSSES, options, async (stateDir) => {
    const running = await runPlatform({ stateDir });
    const redis = running.platform.redis!;
    const kill = (): Promise<unknown> => {
      redis.kill();
      return redis.exited();
    };
    return { running, nodes: [{ data: stateFolders(stateDir).redis, kill, restart: () => redis.restart() }], stop: () => running.stop() };
  });

/** Redis is a cluster of three, and one node loses what it holds while the others go on with what they have. A trial is a loss. */
export const redisNodeLoss = (options: DrillOptions): Promise<DrillReport> =>
  lossesOf(NODE_LOSSES, options, async (stateDir) => {
    const { running, cluster, stop } = await runOnRedisCluster(stateDir);
    return { running, nodes: cluster.nodes.map(({ dataDir: data, kill, restart }) => ({ data, kill, restart })), stop };
  });

/**
 * A platform with its figures at rest loses what Redis holds: all of it, what lies behind a random byte of the append-only
 * file, or all since an older copy. Whatever is shown meanwhile is what was shown before, or 503; after it the cells are the
 * same, the recount's, and a cut of them has the digest of the first.
 */
async function lossesOf(losses: readonly Loss[], { trials, seed, onTrial, signal }: DrillOptions, start: (stateDir: string) => Promise<Store>): Promise<DrillReport> {
  const random = randomOf(seed);
  const anomalies: string[] = [];
  const folder = await mkdtemp(join(tmpdir(), 'throughline-redis-loss-'));
  let store: Store | undefined;
  try {
    const [sample, later] = [join(folder, 'sample'), join(folder, 'later')];
    await writePopulation({ seed, people: PEOPLE, untidiness: 'untidy', directory: sample });
    await writePopulation({ seed: `${seed}/later`, people: PEOPLE, untidiness: 'untidy', directory: later });
    store = await start(join(folder, 'state'));
    const { running, nodes } = store;
    const { platform, stateDir } = running;
    const outcomesUrl = platform.url('outcomes');
    await running.load(sample);
    const first = await running.cells();
    const { knowable } = recount(sample, { partnersByDeployment: await partnersByDeployment(stateDir), knowableOnly: true });
    const differences = describeDifferences(compareCells(first, knowable));
    if (differences !== '') anomalies.push(`before any loss: ${differences}`);
    const yesterday = (node: Node): string => join(folder, `yesterday-${nodes.indexOf(node)}`);
    for (const node of nodes) await cp(join(node.data, APPENDED), yesterday(node), { recursive: true });
    await running.load(later);
    const { digest } = await takeCut(outcomesUrl);
    const before = await exactCells(outcomesUrl);
    const watched = watchFigures(outcomesUrl, before);
    const struck = Object.fromEntries(losses.map((loss) => [loss, 0]));
    try {
      for (let trial = 0; trial < trials; trial += 1) {
        signal?.throwIfAborted();
        const loss = losses[trial % losses.length]!;
        const node = nodes[random.below(nodes.length)]!;
        const where = await lose(loss, { node, redisUrl: platform.redisUrl, yesterday: yesterday(node), below: (limit) => random.below(limit) });
        const name = `trial ${trial + 1} (${where})`;
        await watched.asksAgain(signal);
        const cut = await waitFor(() => takeCut(outcomesUrl), { what: `figures after ${name}`, timeoutMs: 600_000, everyMs: 250, ...(signal === undefined ? {} : { signal }) });
        if (cut['digest'] !== digest) anomalies.push(`${name}: a cut of the same position has another digest`);
        const after = describeDifferences(compareCells(await exactCells(outcomesUrl), before));
        if (after !== '') anomalies.push(`${name}: ${after}`);
        anomalies.push(...watched.wrong().map((what) => `${name}: ${what}`));
        struck[loss] = (struck[loss] ?? 0) + 1;
        onTrial?.(trial + 1);
      }
    } finally {
      await watched.stop();
    }
    return { trials, anomalies, counts: { ...struck, ...watched.counts() } };
  } finally {
    await store?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Scene {
  readonly node: Node;
  readonly redisUrl: string;
  /** An older copy of its append-only files. */
  readonly yesterday: string;
  readonly below: (limit: number) => number;
}

/** @returns what was done, in words */
async function lose(loss: Loss, { node: { data, kill, restart }, redisUrl, yesterday, below }: Scene): Promise<string> {
  if (loss === 'flushed') {
    await emptyRedis(redisUrl);
    return loss;
  }
  const appended = join(data, APPENDED);
  await kill();
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
  await restart();
  return where;
}
