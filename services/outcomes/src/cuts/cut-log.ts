import { BatchConsumer, endOffsets, Reposition } from '@throughline/event-bus';
import type { BusError, ConsumedBatch, EventProducer } from '@throughline/event-bus';
import type { Logger } from '@throughline/telemetry';
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { digestOf } from './cut.js';
import type { Cut, NumberedCut } from './cut.js';
import { CutFold, cutRecords } from './cut-records.js';

export interface CutLogOptions {
  readonly brokers: readonly string[];
  /** Has one partition. */
  readonly topic: string;
  readonly producer: Pick<EventProducer, 'publish'>;
  readonly logger: Logger;
  /** The topic can no longer be followed. */
  readonly onCrash: (error: BusError) => void;
  /** How long reading may take to get to the end of the topic, milliseconds; default 30,000. */
  readonly patienceMs?: number;
}

/** Thrown when the topic could not be read to its end in time, or does not hold what was just written to it. Whether a cut stands shows once it can be read. */
export class CutsNotRead extends Error {
  override readonly name = 'CutsNotRead';
  readonly code = 'CUTS_NOT_READ';
  readonly place = 'cuts';
  readonly remedy = 'See that Kafka runs and has the topic of cuts, then look which cut is the last before you take another.';
}

const RETRY_MS = 1_000;

interface Waiter {
  readonly end: number;
  readonly resolve: () => void;
}

/** The cuts, as the log has them: every process reads the whole topic and follows it. Redis has no part in it. */
export class CutLog {
  readonly #fold = new CutFold();
  readonly #waiting = new Set<Waiter>();
  readonly #retry = new AbortController();
  #next = 0;
  /** Where the topic ended when this process began to read it. */
  #endAtStart = Infinity;
  #consumer: BatchConsumer | undefined;
  #following: Promise<void> | undefined;
  #adding: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: CutLogOptions) {}

  /** Whether all that was in the topic at the start has been read. */
  get known(): boolean {
    return this.#next >= this.#endAtStart;
  }

  /** The last cut; null while none is known. An earlier one is never given for it. */
  get last(): NumberedCut | null {
    return this.known ? this.#fold.last : null;
  }

  /** Why the topic is not read on, where it was put back or made anew. */
  held(): readonly BusError[] {
    return this.#consumer?.held() ?? [];
  }

  /** Begins to read; what goes wrong is tried again. */
  start(): void {
    this.#following = this.#follow();
  }

  async stop(): Promise<void> {
    this.#retry.abort();
    await this.#following;
    await this.#consumer?.stop();
  }

  /**
   * Writes a cut and waits until it stands, under the next number that is free in the order of the log.
   * @throws CutsNotRead, BusError of the producer. Then it may yet come to stand, under that number and no other.
   */
  add(cut: Cut): Promise<NumberedCut> {
    const added = this.#adding.then(() => this.#add(cut));
    this.#adding = added.catch(() => undefined);
    return added;
  }

  async #add(cut: Cut): Promise<NumberedCut> {
    const { producer, topic } = this.options;
    await this.#reachEnd();
    for (;;) {
      const attempt = randomBytes(16);
      const number = (this.#fold.last?.number ?? 0) + 1;
      const { parts, whole } = cutRecords(cut, number, attempt);
      await producer.publish(parts.map((value) => ({ topic, key: null, value })));
      await producer.publish([{ topic, key: null, value: whole }]);
      await this.#reachEnd();
      const given = this.#fold.numberOf(attempt);
      if (given !== undefined) return { ...cut, number: given, digest: digestOf(cut.content).toString('hex') };
      if ((this.#fold.last?.number ?? 0) < number) throw new CutsNotRead('The topic of cuts does not hold what was written to it.');
      this.options.logger.info({ number }, 'another process took the number: the next one is tried');
    }
  }

  async #follow(): Promise<void> {
    const { brokers, topic, logger, onCrash } = this.options;
    while (!this.#retry.signal.aborted) {
      const consumer = new BatchConsumer({
        brokers,
        clientId: 'outcomes',
        // Of one process and one run, which remembers itself how far it has come.
        groupId: `outcomes-cuts-${randomUUID()}`,
        commitIntervalMs: null,
        // A cut is rare, and a record ends the wait.
        maxWaitMs: 500,
        topics: [topic],
        fromPosition: async () => this.#next,
        onBatch: async (batch) => this.#take(batch),
        onTrouble: (error, attempt) => logger.warn({ err: error, attempt }, 'reading the cuts is tried again'),
        onHeld: (error) => logger.error({ err: error }, 'the cuts are not read until somebody acts'),
        onCrash,
      });
      try {
        const end = await this.#end();
        await consumer.start();
        this.#consumer = consumer;
        this.#endAtStart = end;
        return;
      } catch (error) {
        logger.warn({ err: error }, 'the cuts are looked for again');
        await pause(RETRY_MS, undefined, { signal: this.#retry.signal }).catch(() => undefined);
      }
    }
  }

  #take({ firstOffset, nextOffset, records }: ConsumedBatch): Reposition | undefined {
    if (firstOffset !== this.#next) return new Reposition('the cuts are read on from where they were');
    for (const { offset, value } of records) {
      if (value === null) continue;
      const taken = this.#fold.take(value);
      if (taken.step === 'cut') this.options.logger.info({ number: taken.cut.number, generation: taken.cut.generation }, 'a cut stands');
      else if (taken.step === 'unfit') this.options.logger.error({ code: taken.code, offset }, 'a record among the cuts counts for nothing');
    }
    this.#next = nextOffset;
    for (const waiter of this.#waiting) {
      if (waiter.end > this.#next) continue;
      this.#waiting.delete(waiter);
      waiter.resolve();
    }
    return undefined;
  }

  async #end(): Promise<number> {
    const { brokers, topic } = this.options;
    return (await endOffsets({ brokers, clientId: 'outcomes' }, [topic])).get(topic)?.[0] ?? 0;
  }

  /** Returns once everything that is in the topic now has been read. */
  async #reachEnd(): Promise<void> {
    const end = await this.#end();
    if (this.#next >= end) return;
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        end,
        resolve: () => {
          clearTimeout(timer);
          resolve();
        },
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(waiter);
        reject(new CutsNotRead('The topic of cuts was not read to its end.'));
      }, this.options.patienceMs ?? 30_000);
      this.#waiting.add(waiter);
    });
  }
}
