import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BatchTransport, partitionsDiffer } from '@throughline/event-bus';
import type { BatchTransportOptions, BusError, DeadLetterPublisher } from '@throughline/event-bus';
import { deploymentOf, locationOf } from '@throughline/event-contracts';
import { TokenRotations } from '@throughline/identity';
import type { AppliedRotations } from '@throughline/identity';
import { LinkIndex, StopLine, StopLineFollower, TopicLayout, UniqueIds } from '@throughline/state-store';
import type { LogPosition, StoreConnection } from '@throughline/state-store';
import type { Logger, Telemetry } from '@throughline/telemetry';
import { Linker } from '../linking/linker.js';
import { IdentifierBatchesModule, IDENTIFIERS_PATTERN } from './identifier-batches.controller.js';
import { IdentifierConsumer } from './identifier-consumer.js';
import { JoinTroubles } from './join-troubles.js';

export interface GenerationRunOptions {
  readonly generation: number;
  /** Where it stays once it is there; null: it follows the log. */
  readonly until: LogPosition | null;
  readonly brokers: readonly string[];
  /** Name that no other living process has; undefined: none is known. */
  readonly instance?: string | undefined;
  readonly topics: RegExp;
  readonly connection: StoreConnection;
  /** How the log is read; default: over Kafka. */
  readonly openConsumer?: BatchTransportOptions['openConsumer'];
  readonly platformKey: Buffer;
  /** Keys that followed others; default none. */
  readonly rotations?: TokenRotations;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly onCrash: (error: BusError) => void;
}

/** Keeps one generation's link index up with the log: a consumer group of its own, until it is stopped. */
export class GenerationRun {
  readonly #transport: BatchTransport;
  readonly #index: LinkIndex;
  readonly #consumer: IdentifierConsumer;
  readonly #line: StopLineFollower;
  #rotations: AppliedRotations = new TokenRotations([]).applied('');
  #service: INestMicroservice | undefined;

  constructor(private readonly options: GenerationRunOptions) {
    const { generation, connection, platformKey, logger, telemetry } = options;
    this.#index = new LinkIndex(connection, generation);
    const index = this.#index;
    const layout = new TopicLayout(connection, generation);
    const joins = new JoinTroubles();
    this.#transport = new BatchTransport({
      brokers: options.brokers,
      openConsumer: options.openConsumer,
      clientId: 'linkage',
      instance: options.instance,
      groupId: `linkage-g${generation}`,
      topics: options.topics,
      pattern: IDENTIFIERS_PATTERN,
      fromPosition: async (topic, partition, partitionCount) => {
        const fixed = await layout.fix(topic, partitionCount);
        if (fixed !== partitionCount) throw partitionsDiffer(topic, fixed, partitionCount);
        await this.#fixRotations();
        return index.next(locationOf(topic, partition));
      },
      onAssigned: (positions) => {
        joins.assigned();
        telemetry.declare('deployment', positions.flatMap(({ topic }) => deploymentOf(topic) ?? []));
        logger.info({ generation, partitions: positions.length }, 'partitions assigned');
      },
      onHeld: (error) => logger.error({ err: error, generation }, 'a partition is not read until somebody acts'),
      onTrouble: (error, attempt) => logger[joins.nextLevel()]({ err: error, generation, attempt }, 'consuming is tried again'),
      onCrash: options.onCrash,
    });
    const ids = new UniqueIds();
    const linker = new Linker({ index, platformKey, newId: () => ids.next() });
    this.#line = new StopLineFollower({
      line: new StopLine(connection),
      until: options.until,
      onLifted: (topic, partition) => this.#transport.consumer.resume(topic, partition),
      onTrouble: (error) => logger.warn({ err: error, generation }, 'the stop line is looked up again'),
    });
    this.#consumer = new IdentifierConsumer({
      linker,
      layout,
      rotations: () => this.#rotations,
      deadLetters: options.deadLetters,
      telemetry,
      stopBefore: (topic, partition) => this.#line.stopBefore(topic, partition),
      onStopped: (topic, partition) => {
        this.#transport.consumer.pause(topic, partition);
        this.#line.stopped(topic, partition);
      },
    });
  }

  async start(): Promise<void> {
    this.#service = await NestFactory.createMicroservice(IdentifierBatchesModule.of(this.#consumer), {
      strategy: this.#transport,
      logger: false,
      abortOnError: false,
    });
    await this.#service.listen();
  }

  /** By what the index was begun with, before anything of a partition is read: also where the store was emptied meanwhile. */
  async #fixRotations(): Promise<void> {
    const { rotations = new TokenRotations([]), generation, logger } = this.options;
    const told = this.#rotations.ahead.length;
    this.#rotations = rotations.applied(await this.#index.fixKeys(rotations.names));
    const { ahead } = this.#rotations;
    if (ahead.length > told) logger.warn({ generation, keys: ahead }, 'keys were rotated since these links were begun: rebuild before any partner goes by the new one');
  }

  /** Leaves the group after the batch at work. */
  async stop(): Promise<void> {
    this.#line.end();
    await this.#service?.close();
    await this.#transport.close();
  }

  /** Whether the index holds less than this process has had stored: the store was put back to an older copy. */
  async storeWentBack(): Promise<boolean> {
    const positions = this.#transport.consumer.lags();
    const stored = await this.#index.nextOffsets();
    return positions.some(({ topic, partition, next }) => (stored.get(locationOf(topic, partition)) ?? 0) < next);
  }

  get consumer() {
    return this.#transport.consumer;
  }
}
