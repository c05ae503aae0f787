import { COLLEGE_ADAPTER } from '@throughline/college-adapter/adapter';
import { COUNCIL_ADAPTER } from '@throughline/council-adapter/adapter';
import { DWP_ADAPTER } from '@throughline/dwp-adapter/adapter';
import { NHS_ADAPTER } from '@throughline/nhs-adapter/adapter';
import { TEST_KEYS, TEST_NOW } from '@throughline/adapter-kit/testing';
import { MemoryLog } from '@throughline/event-bus/testing';
import { DEAD_LETTERS, eventsTopic, identifiersTopic, LINK_DECISIONS } from '@throughline/event-contracts';
import { PostcodeDirectory } from '@throughline/reference-data';
import { MemoryRedis } from '@throughline/state-store/testing';
import { randomOf } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterProcess } from './adapter-process.js';
import type { Answer, Errand } from './adapter-process.js';
import { Faults } from './faults.js';
import type { Fault } from './faults.js';
import { Nemesis } from './nemesis.js';
import { Scheduler, SimulatedProcess } from './scheduler.js';
import { ServiceProcess } from './service-process.js';
import { SimulatedProducer } from './simulated-log.js';
import { writeStory } from './story.js';
import { backlogOf, shownCells, wrongFates } from './verdict.js';
import { inVirtualTime } from './virtual-time.js';

const ADAPTERS = { nhs: NHS_ADAPTER, dwp: DWP_ADAPTER, college: COLLEGE_ADAPTER, council: COUNCIL_ADAPTER };
const PARTNERS = Object.fromEntries(Object.keys(ADAPTERS).map((name) => [name, { partner: `${name}-partner`, referenceKey: TEST_KEYS.referenceKey }]));
const POSTCODES = await PostcodeDirectory.load();
/** Spools that are real files and need no disk, where the machine has such a place. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** Faults go on for up to so many steps after the last file was dealt with. */
const MOST_STEPS_ONWARDS = 600;
/** After so many steps without faults the backlog must be gone. */
const MOST_STEPS = 150_000;
const STEPS_PER_LOOK = 40;

export interface HistoryOptions {
  /** Kinds of fault that do not happen. */
  readonly without?: readonly Fault[];
  /** Files sent for good, at most. */
  readonly mostFiles?: number;
}

export interface History {
  readonly seed: number;
  /** What is not as it must be; empty: all is well. */
  readonly anomalies: readonly string[];
  /** Of everything that happened, in order: the same seed gives the same. */
  readonly digest: string;
  readonly steps: number;
  readonly faults: ReadonlyMap<Fault, number>;
  readonly files: number;
  readonly cells: number;
}

/** One history of the platform: what partners send, in which order everybody goes on, and what goes wrong, all from one seed. */
export async function runHistory(seed: number, { without = [], mostFiles = Infinity }: HistoryOptions = {}): Promise<History> {
  const folder = mkdtempSync(join(SCRATCH, 'throughline-simulation-'));
  try {
    return await simulate(seed, folder, new Set(without), mostFiles);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function simulate(seed: number, folder: string, without: ReadonlySet<Fault>, mostFiles: number): Promise<History> {
  const stream = (name: string) => randomOf('simulation', name, seed);
  const story = await writeStory(seed, join(folder, 'files'), mostFiles);
  const counted = recount(story.folder, { partnersByDeployment: PARTNERS, knowableOnly: true });
  const set = stream('set');
  const scheduler = new Scheduler(stream('scheduler'), set.pick([0.1, 0.3, 0.6, 1]), TEST_NOW.getTime());
  const faults = new Faults(stream('faults'), without);
  const sizes = stream('fetches');
  const mostFetched = set.pick([1, 3, 10, 100]);
  const log = new MemoryLog({ now: () => scheduler.now, pace: (what) => scheduler.turn(what), fetchRecords: () => sizes.between(1, mostFetched) });
  const store = new MemoryRedis(() => scheduler.now);
  log.createTopic(DEAD_LETTERS, 1);
  log.createTopic(LINK_DECISIONS, 1);
  const anomalies: string[] = [];
  const onCrash = (error: Error): void => void anomalies.push(`a service died: ${error.stack ?? error.message}`);

  return inVirtualTime(scheduler, async () => {
    const adapters = new Map<string, AdapterProcess>();
    for (const deployment of story.errands.keys()) {
      log.createTopic(eventsTopic(deployment), set.between(1, 3));
      log.createTopic(identifiersTopic(deployment), set.between(1, 2));
      const spools = join(folder, 'spools', deployment);
      mkdirSync(spools, { recursive: true });
      const producer = new SimulatedProducer(log, scheduler, faults);
      adapters.set(deployment, new AdapterProcess({ adapter: ADAPTERS[deployment], folder: spools, scheduler, producer, locate: (postcode) => POSTCODES.find(postcode) }));
    }
    for (const adapter of adapters.values()) await adapter.start();
    const world = { scheduler, log, store, faults };
    const services = (['linkage', 'outcomes'] as const).flatMap((kind) => Array.from({ length: set.between(1, 2) }, (_, index) => new ServiceProcess(kind, index + 1, world, onCrash)));
    for (const service of services) service.start();
    const nemesis = new Nemesis({ ...world, random: stream('nemesis'), adapters: [...adapters.values()], services, onCrash });

    const answers: { readonly errand: Errand; readonly answer: Answer }[] = [];
    let sending = story.errands.size;
    for (const [deployment, errands] of story.errands) {
      const partner = new SimulatedProcess(`partner of ${deployment}`);
      const send = async () => {
        for (const errand of errands) {
          await scheduler.park('send');
          answers.push({ errand, answer: await adapters.get(deployment)!.run(errand) });
        }
      };
      void scheduler.as(partner, () => send().catch((error: unknown) => anomalies.push(`a partner got no answer: ${(error as Error).stack}`))).finally(() => (sending -= 1));
    }
    const onwards = set.between(1, MOST_STEPS_ONWARDS);
    for (let left = onwards; left > 0 && scheduler.steps < MOST_STEPS; left -= sending > 0 ? 0 : 1) {
      await scheduler.step();
      await nemesis.strike();
    }

    faults.on = false;
    nemesis.settle();
    const drained = async (): Promise<boolean> => {
      const until = scheduler.steps + MOST_STEPS;
      for (let look = 0; scheduler.steps < until; look += 1) {
        if (look % STEPS_PER_LOOK === 0 && (await backlogOf(store, log, services)) === null) return true;
        await scheduler.step();
      }
      anomalies.push(`the backlog never went to zero: ${await backlogOf(store, log, services)}`);
      return false;
    };
    const compare = async (when: string): Promise<void> => {
      const differences = compareCells(await shownCells(store), counted.knowable);
      if (differences.length > 0) anomalies.push(`${when}: ${describeDifferences(differences)}`);
    };
    if (sending > 0) anomalies.push('partners never got their answers');
    else if (await drained()) await compare('drained');
    if (nemesis.wake() > 0 && anomalies.length === 0 && (await drained())) await compare('after sleepers woke');
    anomalies.push(...wrongFates(answers, adapters, counted.fates, log));
    const steps = scheduler.steps;
    for (const service of services) service.kill();
    for (const adapter of adapters.values()) await adapter.stop();
    return { seed, anomalies, digest: scheduler.digest, steps, faults: faults.counts, files: counted.fates.size, cells: counted.knowable.size };
  });
}
