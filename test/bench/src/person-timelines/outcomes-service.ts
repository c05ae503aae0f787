import { RULES_2026_1 } from '@throughline/outcome-metrics';
import { RedisConnection } from '@throughline/state-store';
import { buildServices, startOutcomes, writeLinks } from '../parts/outcomes-run.js';
import type { LinkedPerson, OutcomesInput } from '../parts/outcomes-run.js';
import type { BenchServers } from '../process/bench-servers.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { TimelineContender } from './timeline-contender.js';
import { deploymentsOf, participantId, partnerPlaceOf, platformKey, subjectId, subjectPlacesOf } from './workload.js';
import type { Workload } from './workload.js';

/** Metrics that everybody keeps; the others count nothing in this log. */
const METRICS = new Set(['referrals', 'support_starts', 'learning_starts']);

let built: Promise<void> | undefined;

/** What is not as it is for a user. */
export interface Conditions {
  /** Processes that share the partitions, on one core. Default 1. */
  readonly processes?: 1 | 2;
  /** When Redis’s file reaches the disk. Default `always`, as the platform asks for. */
  readonly appendfsync?: 'always' | 'no';
}

/** The outcomes service as it is, with all that its cells tell apart, under the rules whose metrics this log can have. */
export const outcomesService = (
  contender: Pick<TimelineContender, 'name' | 'role' | 'targets' | 'once'>,
  { processes = 1, appendfsync = 'always' }: Conditions = {},
): TimelineContender => ({
  ...contender,
  shortLog: false,
  async prepare({ root, servers, log }) {
    await prepareOutcomes(root, servers, log);
    await using connection = connected(servers.redis.url);
    await connection.command('CONFIG', 'SET', 'appendfsync', appendfsync);
  },
  async start({ root, servers, log, profileDir }) {
    const connection = connected(servers.redis.url);
    const input = inputOf(log);
    const first = await startOutcomes(root, servers, connection, input, profileDir);
    const others = processes === 1 ? [] : [await startOutcomes(root, servers, connection, input, profileDir)];
    const all = [first, ...others].map(({ child }) => child);
    return {
      processes: { redis: servers.redis.pid, ...Object.fromEntries(all.map(({ pid }, place) => [`outcomes ${place + 1}`, pid])) },
      half: first.consumed(log.records / 2),
      done: first.reconciled(),
      cells: async () => summed(await first.cells()),
      async stop() {
        await Promise.all(all.map((child) => child.stop()));
        await connection.command('CONFIG', 'SET', 'appendfsync', 'always');
        await connection.close();
      },
    };
  },
});

/** Builds the service where that was not done, empties the store and tells it who is who. */
export async function prepareOutcomes(root: string, servers: BenchServers, { workload }: Pick<PublishedTimelines, 'workload'>): Promise<void> {
  built ??= buildServices(root);
  await built;
  await using connection = connected(servers.redis.url);
  await connection.command('FLUSHALL');
  await writeLinks(connection, people(workload));
}

/** Which log the service reads, and as whom it names people there. */
export const inputOf = ({ workload, records }: Pick<PublishedTimelines, 'workload' | 'records'>): OutcomesInput => ({
  deployments: deploymentsOf(workload),
  partitions: workload.partitions,
  platformKey: platformKey(),
  records,
  rules: RULES_2026_1.version,
});

function connected(url: string): RedisConnection & AsyncDisposable {
  const connection = new RedisConnection({ url, commandTimeoutMs: 120_000 });
  return Object.assign(connection, { [Symbol.asyncDispose]: () => connection.close() });
}

function* people(workload: Workload): Generator<LinkedPerson> {
  const deployments = deploymentsOf(workload);
  for (let place = 0; place < workload.participants; place += 1) {
    const subjects = subjectPlacesOf(place).map((subject) => ({ subject: subjectId(subject), deployment: deployments[partnerPlaceOf(subject)]! }));
    yield { participant: participantId(place), subjects: subjects.sort((a, b) => a.subject.compare(b.subject)) };
  }
}

/** What it shows of the metrics everybody keeps, over all that its cells tell apart besides metric and month. */
export function summed(cells: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of cells) {
    const [metric = '', month = ''] = key.split('|');
    if (!METRICS.has(metric)) continue;
    const cell = `${metric}|${month}`;
    sums.set(cell, (sums.get(cell) ?? 0) + count);
  }
  return sums;
}
