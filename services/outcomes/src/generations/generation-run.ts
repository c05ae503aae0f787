import type { INestMicroservice } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { BatchTransport } from '@throughline/event-bus';
import type { BatchTransportOptions, BusError, DeadLetterPublisher } from '@throughline/event-bus';
import { deploymentOf, locationOf } from '@throughline/event-contracts';
import type { RuleSet } from '@throughline/outcome-metrics';
import { BucketShares, LinkIndex, originsOf, PARTICIPANT_BUCKETS, ParticipantStore, PartitionStore, StopLine, StopLineFollower, TopicLayout, UniqueIds } from '@throughline/state-store';
import type { LogPosition, StoreConnection } from '@throughline/state-store';
import type { Logger, Telemetry } from '@throughline/telemetry';
import { randomUUID } from 'node:crypto';
import { FactConsumer } from '../consume/fact-consumer.js';
import { RememberedTimelines } from '../consume/remembered-timelines.js';
import { ImplicitParticipants } from '../reconcile/participants.js';
import { ReconcileLoop } from '../reconcile/reconcile-loop.js';
import { Reconciler } from '../reconcile/reconciler.js';
import type { Pass } from '../reconcile/reconciler.js';
import { FactBatchesModule, FACTS_PATTERN } from './fact-batches.controller.js';
import { Freshness } from './freshness.js';

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
  readonly rules: RuleSet;
  /** Memory for timelines. */
  readonly timelineBytes: number;
  readonly deadLetters: Pick<DeadLetterPublisher, 'deadLetter'>;
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly onCrash: (error: BusError) => void;
}

/** One generation of the view, kept up with the log: a consumer group, what it remembers, and its reconciliation. */
export class GenerationRun {
  readonly partitions: PartitionStore;
  readonly link: LinkIndex;
  readonly participants: ParticipantStore;
  readonly layout: TopicLayout;
  readonly #ids = new UniqueIds();
  readonly #remembered: RememberedTimelines;
  readonly #transport: BatchTransport;
  readonly #consumer: FactConsumer;
  readonly #reconciler: Reconciler;
  readonly #loop: ReconcileLoop;
  readonly #line: StopLineFollower;
  readonly #shares: BucketShares;
  readonly #fresh: Freshness;
  readonly #behind = new Map<string, number>();
  #service: INestMicroservice | undefined;
  /** Greatest append time taken in, milliseconds. */
  #appendedAt = 0;
  #linkedSeen: ReadonlyMap<string, number> = new Map();

  constructor(private readonly options: GenerationRunOptions) {
    const { generation, connection, telemetry, logger } = options;
    this.partitions = new PartitionStore(connection, generation);
    this.link = new LinkIndex(connection, generation);
    this.participants = new ParticipantStore(connection, generation);
    this.layout = new TopicLayout(connection, generation);
    this.#fresh = new Freshness(this.participants);
    this.#shares = new BucketShares({
      connection,
      generation,
      process: options.instance ?? randomUUID(),
      onTrouble: (error) => logger.warn({ err: error, generation }, 'the share of the participants is renewed again'),
    });
    const remembered = new RememberedTimelines(this.partitions, options.timelineBytes, (buckets) => telemetry.timelineReads.add({}, buckets));
    this.#remembered = remembered;
    const newId = () => this.#ids.next();
    this.#line = new StopLineFollower({
      line: new StopLine(connection),
      until: options.until,
      onLifted: (topic, partition) => this.#transport.consumer.resume(topic, partition),
      onTrouble: (error) => logger.warn({ err: error, generation }, 'the stop line is looked up again'),
    });
    this.#consumer = new FactConsumer({
      partitions: this.partitions,
      layout: this.layout,
      remembered,
      newId,
      deadLetters: options.deadLetters,
      telemetry,
      stopBefore: (topic, partition) => this.#line.stopBefore(topic, partition),
      onStopped: (topic, partition) => {
        this.#transport.consumer.pause(topic, partition);
        this.#line.stopped(topic, partition);
      },
      onStored: ({ location, behind, appendedAt }) => {
        this.#behind.set(location, behind);
        this.#appendedAt = Math.max(this.#appendedAt, appendedAt);
        this.#loop.announce();
      },
    });
    this.#transport = new BatchTransport({
      brokers: options.brokers,
      openConsumer: options.openConsumer,
      clientId: 'outcomes',
      instance: options.instance,
      groupId: `outcomes-g${generation}`,
      topics: options.topics,
      pattern: FACTS_PATTERN,
      // One partition is decoded while the store takes in another.
      concurrency: 3,
      maxBytesPerPartition: 1 << 20,
      maxBytes: 4 << 20,
      fromPosition: (topic, partition, partitionCount) => this.#consumer.position(topic, partition, partitionCount),
      onAssigned: (positions) => {
        // What is behind on a partition that went to another process is not ours to wait for.
        this.#behind.clear();
        telemetry.declare('deployment', positions.flatMap(({ topic }) => deploymentOf(topic) ?? []));
        logger.info({ generation, partitions: positions.length }, 'partitions assigned');
      },
      onHeld: (error) => {
        this.#behind.clear();
        logger.error({ err: error, generation }, 'a partition is not read until somebody acts');
      },
      onTrouble: (error, attempt) => {
        // Figures do not wait for what may never come; the next batch stored says what is behind.
        this.#behind.clear();
        logger.warn({ err: error, generation, attempt }, 'consuming is tried again');
      },
      onCrash: options.onCrash,
    });
    this.#reconciler = new Reconciler({
      partitions: this.partitions,
      link: this.link,
      participants: this.participants,
      remembered,
      implicit: new ImplicitParticipants(options.platformKey),
      rules: options.rules,
      newId,
      layout: this.layout,
    });
    this.#loop = new ReconcileLoop({
      pass: () => this.#pass(),
      behind: () => [...this.#behind.values()].reduce((sum, behind) => sum + behind, 0),
      onPass: ({ marks, participants, overtaken, again, unreadable, fault }, milliseconds) => {
        if (unreadable > 0) logger.error({ err: fault, generation, participants: unreadable }, 'participants cannot be computed; the others are');
        if (marks === 0 && participants === 0) return;
        telemetry.reconcileBatchSeconds.observe({}, milliseconds / 1_000);
        telemetry.participantsReconciled.add({}, participants);
        if (overtaken + again > 0) telemetry.fenced.add({ guard: 'version' }, overtaken + again);
      },
      onTrouble: (error) => logger.warn({ err: error, generation }, 'reconciling is tried again'),
    });
  }

  get generation(): number {
    return this.options.generation;
  }

  /** What it is counted under. */
  get rules(): RuleSet {
    return this.options.rules;
  }

  get consumer() {
    return this.#transport.consumer;
  }

  /** Append time up to which everything is in the figures, milliseconds; 0 before the first. */
  get freshAt(): number {
    return this.#fresh.at;
  }

  /** Memory that its timelines take. */
  get timelineBytes(): number {
    return this.#remembered.bytes;
  }

  /** Participants that could not be computed when they were tried last; their marks wait. */
  get unreadable(): number {
    return this.#reconciler.unreadable;
  }

  /** Partitions that this process reads now. */
  locations(): string[] {
    return this.#transport.consumer.lags().map(({ topic, partition }) => locationOf(topic, partition));
  }

  async start(): Promise<void> {
    this.#service = await NestFactory.createMicroservice(FactBatchesModule.of(this.#consumer), {
      strategy: this.#transport,
      logger: false,
      abortOnError: false,
    });
    await this.#service.listen();
    this.#shares.start();
    this.#loop.start();
  }

  /** Leaves the group after the batch at work, then ends the pass under way and leaves its people to others. */
  async stop(): Promise<void> {
    this.#line.end();
    await this.#service?.close();
    await this.#transport.close();
    await this.#loop.stop();
    await this.#shares.stop();
  }

  /** Marks wait. */
  announce(): void {
    this.#loop.announce();
  }

  /**
   * Whether the store holds less than it once held: a partition's stored offset lies before what this process has had
   * stored, or an index offset before what was seen of it. Positions are read first, and only grow but for that.
   */
  async storeWentBack(): Promise<boolean> {
    const positions = this.#transport.consumer.lags();
    const linkedSeen = this.#linkedSeen;
    const stored = await Promise.all(positions.map(({ topic, partition }) => this.partitions.next(locationOf(topic, partition))));
    const linked = await this.link.nextOffsets();
    const indexWentBack = [...linkedSeen].some(([partition, seen]) => (linked.get(partition) ?? 0) < seen);
    // Once it went back it stays so: this run is ended for it.
    if (!indexWentBack) this.#linkedSeen = linked;
    return indexWentBack || positions.some(({ next }, i) => stored[i]! < next);
  }

  /**
   * Ids of all marks under these locations, in the index and for everyone, as hex. One that is handed over keeps its own for as
   * long as anybody it leads to is not computed.
   */
  async markIds(locations: readonly string[]): Promise<string[]> {
    const found = await Promise.all([this.link.marks(), ...locations.map((location) => this.partitions.marks(location))]);
    // Only then: a mark that is handed over is in its buckets before it goes from where it was.
    const ofBuckets = await Promise.all(Array.from({ length: PARTICIPANT_BUCKETS }, (_, bucket) => this.participants.markIds(bucket)));
    const ids = [...found.flat().map(({ id }) => id), ...ofBuckets.flat().flatMap(originsOf)];
    return [...new Set(ids.map((id) => id.toString('hex')))];
  }

  /** Exact cells, summed over all buckets. */
  async cells(): Promise<Map<string, number>> {
    const cells = new Map<string, number>();
    for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) {
      for (const [cell, count] of await this.participants.cells(bucket)) {
        const sum = (cells.get(cell) ?? 0) + count;
        if (sum === 0) cells.delete(cell);
        else cells.set(cell, sum);
      }
    }
    return cells;
  }

  async #pass(): Promise<Pass> {
    const appendedAt = this.#appendedAt;
    const pass = await this.#reconciler.pass(this.locations(), await this.#shares.renew());
    const isAll = !pass.more && pass.overtaken + pass.unreadable + this.#reconciler.unreadable === 0;
    await this.#fresh.passed(isAll ? appendedAt : null, pass.handedOver);
    return pass;
  }
}
