import { EVENT_PARTITIONS } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { nodeFlags, READY_PATH, SERVICES } from '@throughline/local';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { freePort, runTool, waitFor } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { Generations, LinkIndex, packMembers, PARTICIPANT_BUCKETS, ParticipantStore, PartitionStore, UniqueIds } from '@throughline/state-store';
import type { LinkChange, RedisConnection } from '@throughline/state-store';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DEPLOYMENTS, subjectsOf } from '../facts/fictional-facts.js';
import type { BenchServers } from '../process/bench-servers.js';
import { startProgram, stopwatch } from '../process/contender.js';
import type { Spent } from '../process/contender.js';

const PLATFORM_KEY = Buffer.alloc(32, 7);
const CHANGES_PER_WRITE = 2_000;

const OUTCOMES = SERVICES.find(({ name }) => name === 'outcomes')!;

/** One person: the name the index has for them, and their subjects. */
export interface LinkedPerson {
  readonly participant: Buffer;
  readonly subjects: readonly { readonly subject: Buffer; readonly deployment: string }[];
}

/** Who is who, as linkage would have written it before the facts come. */
export async function writeLinks(connection: RedisConnection, people: Iterable<LinkedPerson>): Promise<void> {
  const link = new LinkIndex(connection, await onlyGeneration(connection));
  const ids = new UniqueIds();
  let stamp: Buffer | null = null;
  let next = 0;
  let changes: LinkChange[] = [];
  const write = async (): Promise<void> => {
    const written: Buffer = ids.next();
    const stored = await link.write({ expectedStamp: stamp, stamp: written, partition: 'bench.0', expectedNext: next, next: next + 1, changes, mark: null });
    if (!stored) throw new Error('Somebody else writes to the link index of the bench.');
    stamp = written;
    next += 1;
    changes = [];
  };
  for (const { participant, subjects } of people) {
    for (const { subject } of subjects) changes.push({ hash: 'subject', field: subject, value: participant });
    changes.push({ hash: 'participant', field: participant, value: packMembers(subjects.map(({ subject, deployment }) => ({ subject, deployments: [deployment] }))) });
    if (changes.length >= CHANGES_PER_WRITE) await write();
  }
  if (changes.length > 0) await write();
}

/** Begun where there is none, as linkage does where it comes first: the service takes it over. */
async function onlyGeneration(connection: RedisConnection): Promise<number> {
  const generations = new Generations(connection);
  await generations.ensureFirst(JSON.stringify({ reason: 'first', startedAt: '' }));
  const [only] = (await generations.list()).all;
  if (only === undefined) throw new Error('The store of the bench has no generation yet.');
  return only.generation;
}

/** The people of the fictional facts. */
export function* linkedPeople(people: number): Generator<LinkedPerson> {
  for (let person = 0; person < people; person += 1) {
    const subjects = subjectsOf(person);
    yield { participant: participantOf(PLATFORM_KEY, subjects[0]!.subject), subjects };
  }
}

/** Which log an outcomes service is to read, and under which key it names people. */
export interface OutcomesInput {
  readonly deployments: readonly string[];
  readonly partitions: number;
  readonly platformKey: Buffer;
  readonly records: number;
  /** Version of the rules. */
  readonly rules: string;
  /** Where its health is asked for; default any free one. A process that is started again at the same one takes its former self's place. */
  readonly telemetryPort?: number;
}

/** An outcomes service at work on an empty store. */
export interface RunningOutcomes {
  readonly child: Child;
  /** Its partitions are assigned. */
  readonly assigned: Promise<unknown>;
  /** So many events are in its store. */
  readonly consumed: (events: number) => Promise<unknown>;
  /** All is consumed, and nobody is marked. */
  readonly reconciled: () => Promise<unknown>;
  /** It says that it can work, has its partitions, and shows figures of which nothing of the log is missing. */
  readonly caughtUp: () => Promise<unknown>;
  readonly cells: () => Promise<ReadonlyMap<string, number>>;
}

const WAITING = { timeoutMs: 1_200_000, everyMs: 50 };

/** @throws where the sources do not build */
export async function buildServices(root: string): Promise<void> {
  const { code, output } = await runTool(process.execPath, [join(root, 'infra/local/run.mjs'), 'nx', 'run-many', '-t', 'build'], process.env);
  if (code !== 0) throw new Error(`The services do not build:\n${output}`);
}

/** Starts the outcomes service as an image does, from what {@link buildServices} made, on the contender's core. */
export async function startOutcomes(root: string, servers: BenchServers, connection: RedisConnection, input: OutcomesInput, profileDir: string | null): Promise<RunningOutcomes> {
  const keysFile = join(servers.folder, 'platform-keys.json');
  await writeFile(keysFile, JSON.stringify({ platformKey: input.platformKey.toString('base64') }), { mode: 0o600 });
  const port = await freePort();
  const telemetryPort = input.telemetryPort ?? (await freePort());
  const env = {
    PATH: process.env['PATH'],
    KAFKA_BROKERS: servers.kafka.brokers,
    REDIS_URL: servers.redis.url,
    KEYS_FILE: keysFile,
    PORT: String(port),
    TELEMETRY_PORT: String(telemetryPort),
    DEPLOYMENTS: input.deployments.join(','),
    OUTCOME_RULES: input.rules,
    LOG_LEVEL: 'info',
  };
  const flags = [...nodeFlags(OUTCOMES), ...(profileDir === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`])];
  const { child, said } = await startProgram('outcomes', process.execPath, [...flags, join(root, 'services/outcomes/dist/main.js')], env);
  const generation = await onlyGeneration(connection);
  const partitions = new PartitionStore(connection, generation);
  const participants = new ParticipantStore(connection, generation);
  const locations = input.deployments.flatMap((deployment) => Array.from({ length: input.partitions }, (_, partition) => `${deployment}.${partition}`));
  const consumed = (events: number) =>
    waitFor(
      async () => {
        const nexts = await Promise.all(locations.map((location) => partitions.next(location)));
        return child.running() && nexts.reduce((sum, next) => sum + next, 0) >= events;
      },
      { what: 'outcomes to consume the log', ...WAITING },
    );
  const assigned = said((word) => word['msg'] === 'partitions assigned');
  return {
    child,
    assigned,
    consumed,
    async reconciled() {
      await consumed(input.records);
      await waitFor(
        async () => {
          for (const location of locations) if ((await partitions.marks(location)).length > 0) return false;
          // Those that one process of several handed over.
          for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) if ((await participants.markIds(bucket)).length > 0) return false;
          return true;
        },
        { what: 'outcomes to reconcile everyone', ...WAITING },
      );
    },
    async caughtUp() {
      await assigned;
      await waitFor(async () => (await fetch(`http://127.0.0.1:${telemetryPort}${READY_PATH}`)).ok, { what: 'outcomes to be ready', ...WAITING, everyMs: 5 });
      await waitFor(async () => (await shownBy(port))?.isWhole, { what: 'outcomes to catch up', ...WAITING, everyMs: 5 });
    },
    cells: () => waitFor(async () => (await shownBy(port))?.cells, { what: 'outcomes to show its cells', ...WAITING }),
  };
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
  const input = { deployments: DEPLOYMENTS, partitions: EVENT_PARTITIONS, platformKey: PLATFORM_KEY, records, rules: LATEST_RULES.version };
  const { child, assigned, consumed, reconciled, cells } = await startOutcomes(root, servers, connection, input, profileDir);
  await assigned;
  const watch = stopwatch({ outcomes: child.pid, redis: servers.redis.pid });
  await consumed(records);
  const consumedAfter = watch().seconds;
  await reconciled();
  const spent = watch();
  const shown = await cells();
  await child.stop();
  return { spent, cells: shown, consumedAfter };
}

interface Shown {
  readonly cells: ReadonlyMap<string, number>;
  /** Nothing of the log is missing from them. */
  readonly isWhole: boolean;
}

/** Undefined while it shows nothing. */
async function shownBy(port: number): Promise<Shown | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/internal/cells`);
  if (!response.ok) {
    await response.body?.cancel();
    return undefined;
  }
  const { cells, behind, marks } = (await response.json()) as { cells: readonly { readonly key: string; readonly count: number }[]; behind: number; marks: number };
  return { cells: new Map(cells.map(({ key, count }) => [key, count])), isWhole: behind === 0 && marks === 0 };
}
