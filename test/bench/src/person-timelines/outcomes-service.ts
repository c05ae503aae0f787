import { RULES_2026_1 } from '@throughline/outcome-metrics';
import { RedisConnection } from '@throughline/state-store';
import { buildServices, startOutcomes, writeLinks } from '../parts/outcomes-run.js';
import type { LinkedPerson } from '../parts/outcomes-run.js';
import type { TimelineContender } from './timeline-contender.js';
import { deploymentsOf, participantId, partnerPlaceOf, platformKey, subjectId, subjectPlacesOf } from './workload.js';
import type { Workload } from './workload.js';

/** Metrics that everybody keeps; the others count nothing in this log. */
const METRICS = new Set(['referrals', 'support_starts', 'learning_starts']);

let built: Promise<void> | undefined;

/** The outcomes service as it is, with all that its cells tell apart, under the rules whose metrics this log can have. */
export const outcomesService: TimelineContender = {
  name: 'Throughline: outcomes',
  role: 'ours',
  targets: { every: null, fifth: null },
  shortLog: false,
  async prepare({ root, servers, log }) {
    built ??= buildServices(root);
    await built;
    await using connection = connected(servers.redis.url);
    await connection.command('FLUSHALL');
    await writeLinks(connection, people(log.workload));
  },
  async start({ root, servers, log, profileDir }) {
    const connection = connected(servers.redis.url);
    const { workload, records } = log;
    const input = { deployments: deploymentsOf(workload), partitions: workload.partitions, platformKey: platformKey(), records, rules: RULES_2026_1.version };
    const { child, consumed, reconciled, cells } = await startOutcomes(root, servers, connection, input, profileDir);
    return {
      processes: { outcomes: child.pid, redis: servers.redis.pid },
      half: consumed(records / 2),
      done: reconciled(),
      cells: async () => summed(await cells()),
      async stop() {
        await child.stop();
        await connection.close();
      },
    };
  },
};

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

/** Over all that a cell tells apart besides metric and month. */
function summed(cells: ReadonlyMap<string, number>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [key, count] of cells) {
    const [metric = '', month = ''] = key.split('|');
    if (!METRICS.has(metric)) continue;
    const cell = `${metric}|${month}`;
    sums.set(cell, (sums.get(cell) ?? 0) + count);
  }
  return sums;
}
