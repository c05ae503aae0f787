import { openAdapter, SubmissionRefused } from '@throughline/adapter-kit';
import type { AdapterDeclaration, AdapterOptions, EventSink, OpenAdapter, SinkDeadLetter, SubmissionState } from '@throughline/adapter-kit';
import { testOptions, MemorySink } from '@throughline/adapter-kit/testing';
import { DeadLetterPublisher } from '@throughline/event-bus';
import type { Submission } from '@throughline/test-population';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfNode } from 'node:timers/promises';
import { SimulatedProcess } from './scheduler.js';
import type { Scheduler } from './scheduler.js';
import type { SimulatedProducer } from './simulated-log.js';

class Killed extends Error {
  override readonly name = 'Killed';
  readonly code = 'KILLED';
}

/** What is asked of an adapter: a file is sent, or one that was sent is taken back. */
export interface Errand {
  readonly submission: Submission;
  readonly withdrawn: boolean;
}

/** What became of an errand. */
export interface Answer {
  /** Null: refused at the door. */
  readonly id: string | null;
  readonly state: SubmissionState;
}

export interface AdapterProcessOptions {
  readonly adapter: AdapterDeclaration;
  /** Its files lie below. */
  readonly folder: string;
  readonly scheduler: Scheduler;
  readonly producer: SimulatedProducer;
  readonly locate: AdapterOptions['locate'];
}

/**
 * An adapter with its real spool and ledger on disk. Killed, it goes on from a copy of its files as they were at that moment;
 * whoever sent something sends it again until it is settled, as partners do.
 */
export class AdapterProcess {
  readonly #letters: DeadLetterPublisher;
  #process: SimulatedProcess;
  #open: OpenAdapter | undefined;
  #lives = 0;
  #ended = endOf();
  readonly #rejections = new Set<(fault: Error) => void>();

  constructor(private readonly options: AdapterProcessOptions) {
    this.#process = new SimulatedProcess(options.adapter.name);
    this.#letters = new DeadLetterPublisher(options.producer);
  }

  async start(): Promise<void> {
    const { adapter, scheduler, producer, locate } = this.options;
    const owner = this.#process;
    const sink: EventSink = {
      publish: (records) => this.#unlessKilled(() => producer.publish(records)),
      deadLetters: (letters) => this.#unlessKilled(() => this.#putAside(letters)),
    };
    const agreementIds = Object.fromEntries(adapter.feeds.map(({ id }) => [id, `dsa-${id}-2026`]));
    const options: AdapterOptions = {
      ...testOptions(adapter, this.#folder, new MemorySink()),
      agreementIds,
      sink,
      locate,
      // Time does not pass for it: it tries again at once.
      retryDelayMs: () => 0,
      onStep: (step) => this.#unlessKilled(() => scheduler.turn(step)),
    };
    this.#open = await scheduler.as(owner, () => scheduler.onDisk(() => openAdapter(options)));
  }

  /** Until it is settled; a kill meanwhile has it asked again. */
  async run({ submission, withdrawn }: Errand): Promise<Answer> {
    const { scheduler } = this.options;
    for (;;) {
      const life = this.#lives;
      const { open } = this;
      const killed = this.#ended.promise;
      try {
        return await scheduler.as(this.#process, () => scheduler.onDisk(() => Promise.race([ask(open, submission, withdrawn), killed])));
      } catch (error) {
        // Whatever fails in one that was killed fails because of it.
        if (life === this.#lives) throw error;
        await killed.catch(() => undefined);
      }
    }
  }

  /** Ends it where it stands, and begins it anew from what lies on disk. Only between two steps of the scheduler. */
  async killAndRestart(): Promise<void> {
    const { scheduler, adapter } = this.options;
    const { open } = this;
    const [before, dead, ended] = [this.#folder, this.#process, this.#ended];
    this.#lives += 1;
    cpSync(before, this.#folder, { recursive: true });
    scheduler.kill(dead);
    this.#process = new SimulatedProcess(adapter.name);
    this.#ended = endOf();
    for (const reject of this.#rejections) reject(new Killed());
    this.#rejections.clear();
    await open.close();
    await this.start();
    ended.reject(new Killed());
  }

  async stop(): Promise<void> {
    await this.#open?.close();
  }

  /** The adapter, for what it says of its submissions. */
  get open(): OpenAdapter {
    if (this.#open === undefined) throw new Error('The adapter is not open.');
    return this.#open;
  }

  get #folder(): string {
    return join(this.options.folder, `${this.options.adapter.name}-${this.#lives}`);
  }

  /** What waits for its turn when the adapter is killed fails for it, so that it comes to its end. */
  async #unlessKilled(act: () => Promise<void>): Promise<void> {
    const owner = this.#process;
    if (!this.options.scheduler.current.alive) throw new Killed();
    const { promise, reject } = Promise.withResolvers<never>();
    this.#rejections.add(reject);
    try {
      await Promise.race([act(), promise]);
    } finally {
      this.#rejections.delete(reject);
    }
    if (owner !== this.#process) throw new Killed();
  }

  async #putAside(letters: readonly SinkDeadLetter[]): Promise<void> {
    await this.#letters.deadLetter(...letters.map((letter) => ({ stage: 'intake' as const, ...letter })));
  }
}

/** Rejected when a life of an adapter has ended and the next has begun. */
function endOf(): PromiseWithResolvers<never> {
  const end = Promise.withResolvers<never>();
  end.promise.catch(() => undefined);
  return end;
}

/** Sends a file, or takes it back, and waits until nothing of it is left to do. */
async function ask({ intake, pipeline }: OpenAdapter, submission: Submission, withdrawn: boolean): Promise<Answer> {
  const { feed, mediaType, asOf, programme, fullExtract, part } = submission;
  const request = { feed, mediaType, asOf: asOf ?? undefined, programme: programme ?? undefined, fullExtract: fullExtract ? 'true' : undefined, part: part ?? undefined };
  let id: string;
  try {
    id = (await intake.accept(submission.payload(), request)).submissionId;
  } catch (error) {
    if (error instanceof SubmissionRefused) return { id: null, state: 'refused' };
    throw error;
  }
  let state = await pipeline.settled(id);
  if (withdrawn && state === 'published') {
    pipeline.ask(id, 'withdraw');
    state = await pipeline.settled(id);
  }
  // What is refused is settled before its dead letter is on its way.
  while (pipeline.oldestWaiting() !== undefined) await turnOfNode();
  return { id, state };
}
