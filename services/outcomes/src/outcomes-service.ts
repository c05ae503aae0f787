import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DeadLetterPublisher, EventProducer, instanceAt } from '@throughline/event-bus';
import type { BusError } from '@throughline/event-bus';
import { DEAD_LETTERS, deploymentOf, OUTCOME_CUTS } from '@throughline/event-contracts';
import { Geography } from '@throughline/reference-data';
import { Generations, RedisConnection, StopLine, ToldRecords } from '@throughline/state-store';
import { TelemetryServer } from '@throughline/telemetry';
import type { Logger, Telemetry } from '@throughline/telemetry';
import { RouteProblemFilter } from '@throughline/telemetry/http';
import { CutLog } from './cuts/cut-log.js';
import type { OutcomesSettings } from './environment.js';
import { setTimeout as pause } from 'node:timers/promises';
import { GenerationKeeper } from './generations/generation-keeper.js';
import { GenerationRun } from './generations/generation-run.js';
import { markEveryone } from './generations/mark-everyone.js';
import { logTopics, readLogEnds } from './generations/log-ends.js';
import { OutcomesModule } from './outcomes.module.js';
import { UnavailableFilter } from './unavailable.filter.js';
import { watchFigures } from './watch-figures.js';
import { View } from './view.js';

const REQUESTS_END_WITHIN_MS = 2_000;

export interface OutcomesServiceOptions {
  readonly settings: OutcomesSettings;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly onCrash: (error: BusError) => void;
  readonly now?: () => number;
  /** Topic of cuts; default the contract's. */
  readonly cutsTopic?: string;
}

/** The whole service; started and stopped by its main, and by tests. */
export class OutcomesService {
  readonly view: View;
  readonly #connection: RedisConnection;
  readonly #producer: EventProducer;
  readonly #server: TelemetryServer;
  #app: NestFastifyApplication | undefined;

  constructor(private readonly options: OutcomesServiceOptions) {
    const { settings, logger, telemetry, onCrash, now = Date.now, cutsTopic = OUTCOME_CUTS } = options;
    const connection = new RedisConnection({ url: settings.redisUrl });
    this.#connection = connection;
    this.#producer = new EventProducer({ brokers: settings.brokers, clientId: 'outcomes' });
    const deadLetters = new DeadLetterPublisher(this.#producer, DEAD_LETTERS, new ToldRecords(connection));
    const generations = new Generations(connection);
    const topics = logTopics(settings.deployments);
    const ends = () => readLogEnds(settings.brokers, topics);
    const keeper = new GenerationKeeper({
      generations,
      readLogEnds: ends,
      rules: settings.rules,
      newRun: (generation, until, rules) =>
        new GenerationRun({ generation, until, topics: topics.facts, brokers: settings.brokers, instance: instanceAt(settings.telemetryPort), connection, platformKey: settings.platformKey, rules, timelineBytes: settings.timelineBytes, deadLetters, telemetry, logger, onCrash }),
      markEveryone: (generation, facts) => markEveryone(connection, generation, facts),
      now,
      logger,
    });
    const cuts = new CutLog({ brokers: settings.brokers, topic: cutsTopic, producer: this.#producer, logger, onCrash });
    this.view = new View(keeper, generations, cuts, new StopLine(connection), ends, Geography.load(), telemetry, now);
    this.#server = watchFigures(new TelemetryServer({ telemetry, port: settings.telemetryPort, host: settings.telemetryHost }), { telemetry, keeper, cuts, connection, now, deploymentOf });
  }

  /** @returns the port of the HTTP side */
  async start(): Promise<number> {
    const { settings } = this.options;
    await this.#server.listen();
    const app = await NestFactory.create<NestFastifyApplication>(OutcomesModule.of(this.view), new FastifyAdapter(), { logger: false, abortOnError: false });
    this.#app = app;
    app.useGlobalFilters(new RouteProblemFilter('docs/operations.md'), new UnavailableFilter());
    await app.listen(settings.port, settings.host);
    const { port } = new URL(await app.getUrl());
    this.view.cuts.start();
    await this.view.keeper.start();
    return port === '' ? settings.port : Number(port);
  }

  /** Requests first, then reading and computing, then what they write to. */
  async stop(): Promise<void> {
    // A request may wait for a cut that is not coming.
    await Promise.race([this.#app?.close(), pause(REQUESTS_END_WITHIN_MS, undefined, { ref: false })]);
    await Promise.all([this.view.keeper.stop(), this.view.cuts.stop()]);
    await this.#producer.close();
    await this.#server.close();
    await this.#connection.close();
  }
}
