import type { Random } from '@throughline/test-population';
import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import { setImmediate as turnOfNode } from 'node:timers/promises';

/** A process of the platform: all its code runs in this one, and is told apart by who began it. */
export class SimulatedProcess {
  /** A killed one never goes on; what it awaited stays unanswered. */
  alive = true;
  /** Step before which it does nothing, as one that was stopped. */
  asleepUntil = 0;
  /** How many of its exchanges wait. */
  parked = 0;
  constructor(readonly name: string) {}
}

interface Waiting {
  readonly owner: SimulatedProcess;
  readonly what: string;
  readonly go: () => void;
}

interface Timer {
  readonly owner: SimulatedProcess;
  readonly due: number;
  readonly number: number;
  readonly act: () => void;
}

/** Of six choices one is a timer where both wait: time passes, and yet timeouts are no more likely than answers. */
const ONE_TIMER_IN = 6;

/**
 * Decides who goes on, by one stream of random numbers: every exchange with the log or the store waits for its turn here, and
 * timers fire in an order of this clock's. The same numbers give the same history.
 */
export class Scheduler {
  /** Milliseconds since 1970-01-01 of the clock in here. */
  now: number;
  steps = 0;
  readonly #current = new AsyncLocalStorage<SimulatedProcess>();
  readonly #nobody = new SimulatedProcess('nobody');
  readonly #history = createHash('sha256');
  #waiting: Waiting[] = [];
  #timers: Timer[] = [];
  #timersMade = 0;
  readonly #disk = new Set<SimulatedProcess>();

  constructor(
    private readonly random: Random,
    /** Share of exchanges, 0 to 1, that wait for their turn; the others are answered at once. */
    private readonly grain: number,
    begins: number,
  ) {
    this.now = begins;
  }

  /** What everybody did so far, as one number to compare. */
  get digest(): string {
    return this.#history.copy().digest('hex').slice(0, 16);
  }

  get current(): SimulatedProcess {
    return this.#current.getStore() ?? this.#nobody;
  }

  /** Runs as a process. */
  as<T>(owner: SimulatedProcess, act: () => T): T {
    return this.#current.run(owner, act);
  }

  /** Work on real files: no other choice is made before it comes to its next exchange, or its end. */
  async onDisk<T>(work: () => Promise<T>): Promise<T> {
    const { current } = this;
    this.#disk.add(current);
    try {
      return await work();
    } finally {
      this.#disk.delete(current);
    }
  }

  /** Ends when it is this exchange's turn; never for a process that was killed. */
  async turn(what: string): Promise<void> {
    const owner = this.current;
    if (owner.alive && this.random.next() >= this.grain) return;
    await this.park(what);
  }

  /** As {@link turn}, always waiting. */
  async park(what: string): Promise<void> {
    const owner = this.current;
    const { promise, resolve } = Promise.withResolvers<void>();
    if (owner.alive) {
      owner.parked += 1;
      this.#waiting.push({ owner, what, go: resolve });
    }
    await promise;
  }

  setTimer(act: () => void, milliseconds: number): number {
    const owner = this.current;
    this.#timersMade += 1;
    const timer: Timer = { owner, due: this.now + Math.max(0, milliseconds), number: this.#timersMade, act };
    this.#timers.push(timer);
    return timer.number;
  }

  clearTimer(number: number | undefined): void {
    this.#timers = this.#timers.filter((timer) => timer.number !== number);
  }

  /** Nothing that it awaits is ever answered. */
  kill(owner: SimulatedProcess): void {
    owner.alive = false;
    this.#waiting = this.#waiting.filter((waiting) => waiting.owner !== owner);
    this.#timers = this.#timers.filter((timer) => timer.owner !== owner);
  }

  /** Lets one go on. @returns false where nobody waits */
  async step(): Promise<boolean> {
    await this.#settle();
    this.steps += 1;
    const isAwake = ({ owner }: { readonly owner: SimulatedProcess }) => owner.asleepUntil <= this.steps;
    const waiting = this.#waiting.filter(isAwake);
    const timers = this.#timers.filter(isAwake);
    if (waiting.length > 0 && (timers.length === 0 || this.random.between(1, ONE_TIMER_IN) > 1)) this.#answer(this.random.pick(waiting));
    else if (timers.length > 0) this.#fire(timers);
    else return this.#waiting.length + this.#timers.length > 0;
    await this.#settle();
    return true;
  }

  #answer(chosen: Waiting): void {
    this.#waiting.splice(this.#waiting.indexOf(chosen), 1);
    this.#history.update(`${chosen.owner.name} ${chosen.what}\n`);
    chosen.owner.parked -= 1;
    chosen.go();
  }

  #fire(timers: readonly Timer[]): void {
    const first = timers.reduce((earliest, timer) => (timer.due < earliest.due || (timer.due === earliest.due && timer.number < earliest.number) ? timer : earliest));
    this.#timers = this.#timers.filter((timer) => timer !== first);
    this.now = Math.max(this.now, first.due);
    this.#history.update(`${first.owner.name} timer\n`);
    this.as(first.owner, first.act);
  }

  /** Until all that was answered has come to its next exchange, timer or end. */
  async #settle(): Promise<void> {
    do await turnOfNode();
    while ([...this.#disk].some(({ alive, parked }) => alive && parked === 0));
    await turnOfNode();
  }
}
