import { DeadLetterPublisher } from '@throughline/event-bus';
import { MemoryConsumer } from '@throughline/event-bus/testing';
import type { MemoryLog } from '@throughline/event-bus/testing';
import { eventsTopics, linkingTopics } from '@throughline/event-contracts';
import { GenerationRun as LinkageRun } from '@throughline/linkage/testing';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import { GenerationKeeper, GenerationRun, markEveryone } from '@throughline/outcomes/testing';
import { FollowedGenerations, Generations, ToldRecords } from '@throughline/state-store';
import type { StoreConnection } from '@throughline/state-store';
import type { MemoryRedis } from '@throughline/state-store/testing';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import type { Faults } from './faults.js';
import { SimulatedProcess } from './scheduler.js';
import type { Scheduler } from './scheduler.js';
import { SimulatedProducer } from './simulated-log.js';
import { SimulatedConnection } from './simulated-store.js';

export const PLATFORM_KEY = Buffer.alloc(32, 'platform');
const AMPLE_BYTES = 2 ** 30;
const BUILD = { version: '0.1.0', revision: 'simulation' };
const telemetry = {
  linkage: createTelemetry({ service: 'linkage', kind: 'linkage', build: BUILD }),
  outcomes: createTelemetry({ service: 'outcomes', kind: 'outcomes', build: BUILD }),
};
const logger = createLogger({ service: 'simulation', level: 'silent' });

export interface ServiceWorld {
  readonly scheduler: Scheduler;
  readonly log: MemoryLog;
  readonly store: MemoryRedis;
  readonly faults: Faults;
}

export type ServiceKind = 'linkage' | 'outcomes';

/** One process of linkage or outcomes, put together as its own main does, on ports in memory. */
export class ServiceProcess {
  readonly process: SimulatedProcess;
  keeper: GenerationKeeper | undefined;
  readonly #consumers: MemoryConsumer[] = [];

  constructor(
    readonly kind: ServiceKind,
    private readonly number: number,
    private readonly world: ServiceWorld,
    private readonly onCrash: (error: Error) => void,
  ) {
    this.process = new SimulatedProcess(`${kind}-${number}`);
  }

  start(): void {
    const { scheduler } = this.world;
    scheduler.as(this.process, () => void this.#run().catch((error: unknown) => this.onCrash(error as Error)));
  }

  /** Its groups take it for gone; where it only sleeps, it comes back as one that does not know. */
  expel(): void {
    for (const consumer of this.#consumers) consumer.expel();
  }

  kill(): void {
    this.world.scheduler.kill(this.process);
    this.expel();
  }

  async #run(): Promise<void> {
    const { scheduler, store, faults, log } = this.world;
    const connection = new SimulatedConnection(store, scheduler, faults);
    const generations = new Generations(connection);
    const letters = new DeadLetterPublisher(new SimulatedProducer(log, scheduler, faults), undefined, new ToldRecords(connection));
    if (this.kind === 'linkage') await this.#linkage(connection, generations, letters);
    else await this.#outcomes(connection, generations, letters);
  }

  #ofRun(connection: StoreConnection, deadLetters: DeadLetterPublisher) {
    const { log } = this.world;
    return {
      brokers: [],
      connection,
      platformKey: PLATFORM_KEY,
      deadLetters,
      logger,
      onCrash: this.onCrash,
      openConsumer: (options: ConstructorParameters<typeof MemoryConsumer>[1]) => {
        const consumer = new MemoryConsumer(log, options);
        this.#consumers.push(consumer);
        return consumer;
      },
    };
  }

  async #linkage(connection: StoreConnection, generations: Generations, letters: DeadLetterPublisher): Promise<void> {
    const followed = new FollowedGenerations({
      generations,
      firstNote: () => 'first',
      newRun: (generation) => new LinkageRun({ ...this.#ofRun(connection, letters), generation, until: null, topics: linkingTopics(null), telemetry: telemetry.linkage }),
      onWentBack: () => undefined,
      onTrouble: () => undefined,
    });
    await untilAnswered(() => generations.ensureFirst('first'));
    await followed.start();
  }

  async #outcomes(connection: StoreConnection, generations: Generations, letters: DeadLetterPublisher): Promise<void> {
    const { scheduler, log } = this.world;
    // Every other process may keep nothing from one batch to the next.
    const timelineBytes = this.number % 2 === 0 ? AMPLE_BYTES : 0;
    this.keeper = new GenerationKeeper({
      generations,
      readLogEnds: async () => {
        await scheduler.turn('ends');
        const endsOf = (topics: RegExp) => Object.fromEntries(log.topics(topics).map((topic) => [topic, log.ends(topic)]));
        return { facts: endsOf(eventsTopics(null)), identifiers: endsOf(linkingTopics(null)) };
      },
      rules: LATEST_RULES,
      newRun: (generation, until, rules) =>
        new GenerationRun({ ...this.#ofRun(connection, letters), instance: this.process.name, generation, until, topics: eventsTopics(null), rules, timelineBytes, telemetry: telemetry.outcomes }),
      markEveryone: (generation, facts) => markEveryone(connection, generation, facts),
      now: () => scheduler.now,
      logger,
    });
    const { keeper } = this;
    await untilAnswered(() => keeper.start());
  }
}

/** A service that cannot start ends, and is started again. */
async function untilAnswered(start: () => Promise<void>): Promise<void> {
  for (;;) {
    try {
      return await start();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}
