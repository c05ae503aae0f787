import type { Scheduler } from './scheduler.js';

/** What is put in the place of Node's own while a simulation runs. */
interface Clock {
  readonly setTimeout: typeof globalThis.setTimeout;
  readonly clearTimeout: typeof globalThis.clearTimeout;
  readonly now: () => number;
  readonly sinceStart: () => number;
}

const own: Clock = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, now: Date.now, sinceStart: performance.now.bind(performance) };

/** A timer of the scheduler's that looks like one of Node's. */
class VirtualTimer {
  constructor(
    readonly number: number,
    private readonly scheduler: Scheduler,
  ) {}
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
  [Symbol.dispose](): void {
    this.scheduler.clearTimer(this.number);
  }
}

function install({ setTimeout, clearTimeout, now, sinceStart }: Clock): void {
  globalThis.setTimeout = setTimeout;
  globalThis.clearTimeout = clearTimeout;
  Date.now = now;
  performance.now = sinceStart;
}

/** Timers and clocks are the scheduler's while `act` runs. One simulation at a time. */
export async function inVirtualTime<T>(scheduler: Scheduler, act: () => Promise<T>): Promise<T> {
  const begins = scheduler.now;
  const set = (callback: (...args: unknown[]) => void, milliseconds = 0, ...args: unknown[]) =>
    new VirtualTimer(scheduler.setTimer(() => callback(...args), milliseconds), scheduler);
  install({
    setTimeout: set as unknown as Clock['setTimeout'],
    clearTimeout: (timer) => {
      if (timer instanceof VirtualTimer) scheduler.clearTimer(timer.number);
      else own.clearTimeout(timer);
    },
    now: () => scheduler.now,
    sinceStart: () => scheduler.now - begins,
  });
  try {
    return await act();
  } finally {
    install(own);
  }
}
