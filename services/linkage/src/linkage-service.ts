import { setTimeout as pause } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DeadLetterPublisher, EventProducer, instanceAt } from '@throughline/event-bus';
import type { BusError } from '@throughline/event-bus';
import { DEAD_LETTERS, linkingTopics } from '@throughline/event-contracts';
import { TokenRotations } from '@throughline/identity';
import { FollowedGenerations, Generations, LinkIndex, RedisConnection, ToldRecords } from '@throughline/state-store';
import { TelemetryServer } from '@throughline/telemetry';
import type { Logger, Telemetry } from '@throughline/telemetry';
import { RouteProblemFilter } from '@throughline/telemetry/http';
import type { LinkageSettings } from './environment.js';
import { LinkageModule } from './linkage.module.js';
import { LinkDesk } from './operators/link-desk.js';
import { LinkDeskError } from './operators/link-desk-error.js';
import { firstNote, positionOf } from './runs/generation-note.js';
import { GenerationRun } from './runs/generation-run.js';
import { watchLinks } from './watch-links.js';

const REQUESTS_END_WITHIN_MS = 2_000;

export interface LinkageServiceOptions {
  readonly settings: LinkageSettings;
  readonly logger: Logger;
  readonly telemetry: Telemetry;
  readonly onCrash: (error: BusError) => void;
}

/** The whole service; started and stopped by its main, and by tests. */
export class LinkageService {
  readonly #connection: RedisConnection;
  readonly #generations: Generations;
  readonly #producer: EventProducer;
  readonly #followed: FollowedGenerations<GenerationRun>;
  readonly #server: TelemetryServer;
  #stopping = false;
  #app: NestFastifyApplication | undefined;

  constructor(private readonly options: LinkageServiceOptions) {
    const { settings, logger, telemetry, onCrash } = options;
    const connection = new RedisConnection({ url: settings.redisUrl });
    this.#connection = connection;
    const rotations = new TokenRotations(settings.rotations);
    this.#generations = new Generations(connection);
    this.#producer = new EventProducer({ brokers: settings.brokers, clientId: 'linkage' });
    this.#followed = new FollowedGenerations({
      generations: this.#generations,
      firstNote: () => firstNote(Date.now()),
      newRun: (generation, note) =>
        new GenerationRun({
          generation,
          until: positionOf(note),
          brokers: settings.brokers,
          instance: instanceAt(settings.telemetryPort),
          topics: linkingTopics(settings.deployments),
          connection,
          platformKey: settings.platformKey,
          rotations,
          deadLetters: new DeadLetterPublisher(this.#producer, DEAD_LETTERS, new ToldRecords(connection)),
          telemetry,
          logger,
          onCrash: (error) => {
            logger.fatal({ err: error, generation }, 'the consumer died');
            onCrash(error);
          },
        }),
      onWentBack: (generation) => logger.warn({ generation }, 'the store went back: it is read on from there'),
      onTrouble: (error) => logger.warn({ err: error }, 'generations are looked up again'),
    });
    this.#server = watchLinks(new TelemetryServer({ telemetry, port: settings.telemetryPort, host: settings.telemetryHost }), {
      telemetry,
      runs: this.#followed.runs,
      connection,
      isStopping: () => this.#stopping,
      conflicts: async () => (await this.#shown()).size('conflict'),
    });
  }

  /** @returns the port of the HTTP side */
  async start(): Promise<number> {
    const { settings } = this.options;
    await this.#server.listen();
    await this.#generations.ensureFirst(firstNote(Date.now()));
    await this.#followed.start();
    const desk = new LinkDesk({ index: () => this.#shown(), platformKey: settings.platformKey, publish: (records) => this.#producer.publish(records), now: Date.now });
    const app = await NestFactory.create<NestFastifyApplication>(LinkageModule.of(desk), new FastifyAdapter(), { logger: false, abortOnError: false });
    this.#app = app;
    app.useGlobalFilters(new RouteProblemFilter('docs/runbooks/links.md'));
    await app.listen(settings.port, settings.host);
    const { port } = new URL(await app.getUrl());
    return port === '' ? settings.port : Number(port);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    // A request may wait for a decision to be taken in.
    await Promise.race([this.#app?.close(), pause(REQUESTS_END_WITHIN_MS, undefined, { ref: false })]);
    await this.#followed.stop();
    await this.#producer.close();
    await this.#server.close();
    await this.#connection.close();
  }

  /** The index of the generation that is shown; while none is, that of the newest. */
  async #shown(): Promise<LinkIndex> {
    const { current, all } = await this.#generations.list();
    const generation = current ?? all.at(-1)?.generation;
    if (generation === undefined) throw new LinkDeskError('NO_GENERATION', 'link index', 'Nothing was read yet. Ask again in a moment.');
    return new LinkIndex(this.#connection, generation);
  }
}
