import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { endOffsets } from '@throughline/event-bus';
import { eventsTopics, identifiersTopics } from '@throughline/event-contracts';
import { defaultCacheDir, isolatedSettings, readManifest, silentProgress, stateFolders, takeCut, waitFor } from '@throughline/local';
import { startKafkaCluster } from '@throughline/servers';
import type { KafkaCluster } from '@throughline/servers';
import { exactCells, partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { compareCells, decisionsInForce, recount } from '@throughline/test-recount';
import { planCampaign } from './campaign-plan.js';
import type { PlanOptions } from './campaign-plan.js';
import { runCampaign } from './campaign.js';
import type { LedgerEntry } from './campaign.js';
import { emptyRedis } from './emptied-redis.js';
import { REDIS } from './fault.js';
import { Keeper } from './keeper.js';
import type { Keepable } from './keeper.js';
import { Nemesis } from './nemesis.js';
import { Operators } from './operators.js';
import type { Decisions } from './operators.js';
import { PatientPartner } from './patient-partner.js';
import { randomOf } from './random.js';
import { cellAnomaly, recover } from './recovery.js';
import type { Anomaly, Recovered } from './recovery.js';
import { RenamedCopies } from './renamed-copies.js';
import { addSecondThoughts } from './second-thoughts.js';

/** Of so many some contradict themselves, so that operators have something to decide. */
const ENOUGH_TO_DECIDE_ON = 1_000;

export interface AttackOptions extends Pick<PlanOptions, 'seed' | 'faults' | 'twoAtOnce' | 'harms'> {
  readonly people: number;
  /** Of Kafka. Default 3. */
  readonly brokers?: number;
  /** Told of each step in a sentence. */
  readonly tell: (line: string) => void;
  /** Called after each fault. */
  readonly onFault?: (entry: LedgerEntry, number: number) => void;
  /** Ends it, with everything it started. */
  readonly signal?: AbortSignal;
}

export interface AttackReport extends Recovered {
  readonly ledger: readonly LedgerEntry[];
  /** Some are the same file once more. */
  readonly submissions: number;
  /** Of them that came once more under another name, through a folder. */
  readonly copies: number;
  /** Facts and identifiers in the log at the end, each time one was told. */
  readonly records: number;
  /** Decisions that held when the cells were laid beside the recount, which was told of them. */
  readonly standing: number;
  /** In all, until the last was taken back; the cells were then laid beside the recount without any. */
  readonly decisions: Decisions;
  /** How often each process was started again, asked for by a fault or not. */
  readonly starts: ReadonlyMap<string, number>;
  /** From the last fault until nothing was left to do, milliseconds. */
  readonly recoveryMs: number;
  /** From the first file until then, milliseconds. */
  readonly tookMs: number;
  /** From when Redis was emptied, after all of that, until the figures were those of the recount again out of the log, milliseconds. */
  readonly rebuildMs: number;
}

/**
 * A platform of its own, a population's files and second thoughts sent to it, and operators who decide who is who, while
 * its processes are struck; a recovery window, and the result beside the recount; and once more after Redis was emptied.
 */
export async function attack(options: AttackOptions): Promise<AttackReport> {
  const over = new AbortController();
  const signal = options.signal === undefined ? over.signal : AbortSignal.any([over.signal, options.signal]);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-chaos-'));
  let kafka: KafkaCluster | undefined;
  try {
    const sample = join(folder, 'sample');
    options.tell(`Inventing ${options.people} people`);
    await writePopulation({ seed: options.seed, people: options.people, untidiness: 'untidy', directory: sample });
    options.tell('Starting the platform');
    const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
    kafka = await startKafkaCluster({ parts, dataDir: join(folder, 'kafka'), nodes: options.brokers ?? 3 });
    return await attackOn(kafka, folder, sample, { ...options, signal });
  } finally {
    // A partner that still waits for somebody who never came back.
    over.abort(new Error('the campaign is over'));
    await kafka?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function attackOn(kafka: KafkaCluster, folder: string, sample: string, options: AttackOptions & { readonly signal: AbortSignal }): Promise<AttackReport> {
  const { seed, faults, tell, onFault, signal } = options;
  const { submissions, regretted } = await addSecondThoughts(sample, await readManifest(sample));
  const running = await runPlatform({ settings: await isolatedSettings(join(folder, 'state'), defaultCacheDir(process.env), { kafkaBrokers: kafka.brokers }) });
  const { platform, stateDir, adapterUrl } = running;
  const redis = platform.redis!;
  const [outcomesUrl, linkageUrl] = [platform.url('outcomes'), platform.url('linkage')];
  const keeper = new Keeper(new Map<string, Keepable>([...platform.services, [REDIS, redis], ...kafka.nodes.map((node) => [node.name, node] as const)]), tell);
  try {
    const partner = new PatientPartner({ folder: sample, adapterUrl, signal });
    const operators = new Operators({ linkageUrl, random: randomOf(`${seed}/operators`), signal, tell });
    const copies = new RenamedCopies({ stateDir, folder: sample, signal });
    const waves = planCampaign({ ...options, brokers: kafka.nodes.length, submissions });
    const ledger: LedgerEntry[] = [];
    tell(`Sending ${submissions.length} submissions, and striking ${faults} times`);
    const firstSent = performance.now();
    const sent = await runCampaign({
      waves,
      nemesis: new Nemesis({ keeper, kafka, redisDir: stateFolders(stateDir).redis, olderDir: join(folder, 'older'), signal }),
      partner,
      regretted,
      async onWave(wave) {
        operators.decideSomething();
        await copies.drop([...(waves[wave - 1]?.byDeployment.values() ?? [])].flat());
      },
      onFault(entry) {
        ledger.push(entry);
        onFault?.(entry, ledger.length);
      },
    });
    const lastFault = performance.now();
    tell('Waiting until everything is dealt with');
    await operators.done();
    // What was decided and not answered is in the log: a cut waits until it is in the links.
    const caughtUp = () => waitFor(() => takeCut(outcomesUrl, { signal }), { what: 'the backlog to be gone', timeoutMs: 900_000, everyMs: 250, signal });
    await caughtUp();
    const standing = await decisionsInForce(linkageUrl);
    // Before the recount is told of them: it would follow whoever had forgotten one.
    const forgotten = operators.acknowledged.missingFrom(standing.map(({ decision }) => decision));
    const beganCounting = performance.now();
    const partners = { partnersByDeployment: await partnersByDeployment(stateDir), knowableOnly: true };
    const counted = await counting(() => recount(sample, { ...partners, decisions: standing }));
    const countingMs = performance.now() - beganCounting;
    const recovered = await recover({ sent, adapterUrl, outcomesUrl, counted, signal });
    const done = performance.now() - countingMs;
    const decisions = await operators.takeAllBack();
    await caughtUp();
    const { knowable } = await counting(() => recount(sample, partners));
    const undecided = compareCells(await exactCells(outcomesUrl), knowable);
    tell('Emptying Redis, and waiting until all is rebuilt from the log');
    const emptied = performance.now();
    await emptyRedis(platform.redisUrl);
    await caughtUp();
    const rebuildMs = performance.now() - emptied;
    const rebuilt = compareCells(await exactCells(outcomesUrl), knowable);
    const undecidedAtAll = options.people >= ENOUGH_TO_DECIDE_ON && decisions.splits + decisions.joins === 0;
    const anomalies: Anomaly[] = [
      ...recovered.anomalies,
      ...undecided.map(cellAnomaly),
      ...rebuilt.map(cellAnomaly),
      ...(await copies.anomalies(sent)),
      ...forgotten.map((decision): Anomaly => ({ promise: 'decisions', what: `${decision} was acknowledged, not taken back, and is not in force` })),
      ...(undecidedAtAll ? [{ promise: 'decisions', what: `operators decided nothing on ${options.people} people` } as const] : []),
    ];
    const differences = [...recovered.differences, ...undecided, ...rebuilt];
    const ends = [await endOffsets({ brokers: kafka.brokers.split(',') }, eventsTopics(null)), await endOffsets({ brokers: kafka.brokers.split(',') }, identifiersTopics(null))];
    const records = ends.flatMap((each) => [...each.values()].flat()).reduce((sum, end) => sum + end, 0);
    return { ...recovered, anomalies, differences, ledger, submissions: submissions.length, copies: copies.count, records, standing: standing.length, decisions, starts: keeper.starts(), recoveryMs: done - lastFault, tookMs: done - firstSent, rebuildMs };
  } finally {
    await keeper.stop();
    for (const name of keeper.names()) keeper.wake(name);
    await running.stop();
    await kafka.stop();
    await keeper.ended();
  }
}

/**
 * Counting a million records holds this process up for longer than servers keep an idle connection: those that were closed
 * meanwhile are seen closed, in the turn after the one at hand, before any is used again.
 */
async function counting<T>(count: () => T): Promise<T> {
  const counted = count();
  await turn();
  await turn();
  return counted;
}
