import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BatchTransport } from '@throughline/event-bus';
import type { BusError, DeadLetterPublisher } from '@throughline/event-bus';
import { deploymentOf, IDENTIFIERS_TOPIC_PATTERN } from '@throughline/event-contracts';
import { LinkIndex, UniqueIds } from '@throughline/state-store';
import type { RedisConnection } from '@throughline/state-store';
import type { Logger, Telemetry } from '@throughline/telemetry';
import { Linker } from '../linking/linker.js';
import { IdentifierBatchesModule, IDENTIFIERS_PATTERN } from './identifier-batches.controller.js';
import { IdentifierConsumer } from './identifier-consumer.js';

export interface GenerationRunOptions {
  readonly generation: number;
  readonly brokers: readonly string[];
  /** Default: the topics of every deployment. */
  readonly topics?: RegExp | readonly string[];
  readonly connection: RedisConnection;
  readonly platformKey: Buffer;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly onCrash: (error: BusError) => void;
}

/** Keeps one generation's link index up with the log: a consumer group of its own, until it is stopped. */
export class GenerationRun {
  readonly #transport: BatchTransport;
  readonly #index: LinkIndex;
  #service: INestMicroservice | undefined;

  constructor(private readonly options: GenerationRunOptions) {
    const { generation, connection, platformKey, logger, telemetry } = options;
    this.#index = new LinkIndex(connection, generation);
    const index = this.#index;
    this.#transport = new BatchTransport({
      brokers: options.brokers,
      clientId: 'linkage',
      groupId: `linkage-g${generation}`,
      topics: options.topics ?? IDENTIFIERS_TOPIC_PATTERN,
      pattern: IDENTIFIERS_PATTERN,
      fromPosition: (topic, partition) => index.next(`${deploymentOf(topic) ?? ''}.${partition}`),
      onAssigned: (positions) => {
        telemetry.declare('deployment', positions.flatMap(({ topic }) => deploymentOf(topic) ?? []));
        logger.info({ generation, partitions: positions.length }, 'partitions assigned');
      },
      onTrouble: (error, attempt) => logger.warn({ err: error, generation, attempt }, 'consuming is tried again'),
      onCrash: options.onCrash,
    });
    const ids = new UniqueIds();
    const linker = new Linker({ index, platformKey, newId: () => ids.next() });
    this.#consumer = new IdentifierConsumer({ linker, deadLetters: options.deadLetters, telemetry });
  }
  readonly #consumer: IdentifierConsumer;

  async start(): Promise<void> {
    this.#service = await NestFactory.createMicroservice(IdentifierBatchesModule.of(this.#consumer), {
      strategy: this.#transport,
      logger: false,
      abortOnError: false,
    });
    await this.#service.listen();
  }

  /** Leaves the group after the batch at work. */
  async stop(): Promise<void> {
    await this.#service?.close();
    await this.#transport.close();
  }

  get consumer() {
    return this.#transport.consumer;
  }
}
