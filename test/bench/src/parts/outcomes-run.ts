import { EVENT_PARTITIONS } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { nodeFlags, SERVICES } from '@throughline/local';
import { freePort, waitFor } from '@throughline/servers';
import { LinkIndex, packMembers, PartitionStore, UniqueIds } from '@throughline/state-store';
import type { LinkChange, RedisConnection } from '@throughline/state-store';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYMENTS, subjectsOf } from '../facts/fictional-facts.js';
import type { BenchServers } from '../process/bench-servers.js';
import { startContender, stopwatch } from '../process/contender.js';
import type { Spent } from '../process/contender.js';

/** The first generation of an empty store. */
const GENERATION = 1;
const PLATFORM_KEY = Buffer.alloc(32, 7);
const PEOPLE_PER_WRITE = 500;

const OUTCOMES = SERVICES.find(({ name }) => name === 'outcomes')!;

/** Who is who, as linkage would have written it before the facts come. */
export async function writeLinks(connection: RedisConnection, people: number): Promise<void> {
  const link = new LinkIndex(connection, GENERATION);
  const ids = new UniqueIds();
  let stamp: Buffer | null = null;
  let next = 0;
  for (let person = 0; person < people; person += PEOPLE_PER_WRITE) {
    const changes: LinkChange[] = [];
    for (let each = person; each < Math.min(people, person + PEOPLE_PER_WRITE); each += 1) {
      const subjects = subjectsOf(each);
      const participant = participantOf(PLATFORM_KEY, subjects[0]!.subject);
      for (const { subject } of subjects) changes.push({ hash: 'subject', field: subject, value: participant });
      changes.push({ hash: 'participant', field: participant, value: packMembers(subjects.map(({ subject, deployment }) => ({ subject, deployments: [deployment] }))) });
    }
    const written: Buffer = ids.next();
    const stored = await link.write({ expectedStamp: stamp, stamp: written, partition: `${DEPLOYMENTS[0]}.0`, expectedNext: next, next: next + 1, changes, mark: null });
    if (!stored) throw new Error('Somebody else writes to the link index of the bench.');
    stamp = written;
    next += 1;
  }
}

export interface OutcomesRun {
  readonly spent: Spent;
  /** Exact cells it shows afterwards. */
  readonly cells: ReadonlyMap<string, number>;
  /** Seconds until all was consumed; the rest went into reconciling what was still marked. */
  readonly consumedAfter: number;
}

/**
 * Runs the outcomes service over the whole log with an empty store, from the assignment of its partitions until everything
 * is stored and nobody is marked.
 */
export async function runOutcomes(root: string, servers: BenchServers, connection: RedisConnection, records: number, profileDir: string | null): Promise<OutcomesRun> {
  const keysFile = join(servers.folder, 'platform-keys.json');
  await writeFile(keysFile, JSON.stringify({ platformKey: PLATFORM_KEY.toString('base64') }), { mode: 0o600 });
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'],
    KAFKA_BROKERS: servers.kafka.brokers,
    REDIS_URL: servers.redis.url,
    KEYS_FILE: keysFile,
    PORT: String(port),
    TELEMETRY_PORT: String(await freePort()),
    DEPLOYMENTS: DEPLOYMENTS.join(','),
    LOG_LEVEL: 'info',
  };
  const flags = [...nodeFlags(OUTCOMES), ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`])];
  const { child, said } = await startContender(root, 'services/outcomes/src/main.ts', [], env, flags);
  await said((word) => word['msg'] === 'partitions assigned');
  const watch = stopwatch({ outcomes: child.pid, redis: servers.redis.pid });
  const partitions = new PartitionStore(connection, GENERATION);
  const locations = DEPLOYMENTS.flatMap((deployment) => Array.from({ length: EVENT_PARTITIONS }, (_, partition) => `${deployment}.${partition}`));
  const waiting = { timeoutMs: 1_200_000, everyMs: 50 };
  await waitFor(
    async () => {
      const nexts = await Promise.all(locations.map((location) => partitions.next(location)));
      return child.running() && nexts.reduce((sum, next) => sum + next, 0) >= records;
    },
    { what: 'outcomes to consume the log', ...waiting },
  );
  const consumedAfter = watch().seconds;
  await waitFor(
    async () => {
      for (const location of locations) if ((await partitions.marks(location)).length > 0) return false;
      return true;
    },
    { what: 'outcomes to reconcile everyone', ...waiting },
  );
  const spent = watch();
  const cells = await waitFor(() => exactCells(port), { what: 'outcomes to show its cells', ...waiting });
  await child.stop();
  return { spent, cells, consumedAfter };
}

async function exactCells(port: number): Promise<Map<string, number> | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/internal/cells`);
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const { cells } = (await response.json()) as { cells: readonly { readonly key: string; readonly count: number }[] };
  return new Map(cells.map(({ key, count }) => [key, count]));
}
