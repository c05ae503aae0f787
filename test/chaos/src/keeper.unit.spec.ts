import { setImmediate as turn } from 'node:timers/promises';
import { waitFor } from '@throughline/local';
import { Keeper } from './keeper.js';
import type { Keepable } from './keeper.js';

/** Something that runs until it is killed, and that can start only when `start` lets it. */
class Process {
  running = true;
  starts = 0;
  readonly signals: string[] = [];
  #end = Promise.withResolvers<void>();

  constructor(readonly name: string, private readonly start: () => Promise<void> = async () => undefined) {}

  kill(): void {
    this.running = false;
    this.#end.resolve();
  }

  keepable(): Keepable {
    const kill = (): void => this.kill();
    return {
      kill,
      signal: (name) => void this.signals.push(name),
      exited: () => this.#end.promise,
      restart: async () => {
        this.starts += 1;
        await this.start();
        this.#end = Promise.withResolvers<void>();
        this.running = true;
      },
    };
  }
}

let broker: Process;
let reader: Process;
let keeper: Keeper;
let startable: PromiseWithResolvers<void>;

beforeEach(() => {
  startable = Promise.withResolvers<void>();
  broker = new Process('broker');
  reader = new Process('reader', () => startable.promise);
  keeper = new Keeper(new Map([broker, reader].map((each) => [each.name, each.keepable()])), () => undefined);
});
afterEach(async () => {
  startable.resolve();
  await keeper.stop();
  broker.kill();
  reader.kill();
  await keeper.ended();
});

it('starts again at once whoever ends by itself', async () => {
  startable.resolve();
  reader.kill();
  await waitFor(() => reader.running && keeper.starts().get('reader') === 1, { what: 'the reader to be back' });
});

it('lets who is just starting start before it kills any, so that nobody is waited for who needs one already killed', async () => {
  reader.kill();
  await waitFor(() => reader.starts === 1, { what: 'the reader to be starting' });
  const gone = keeper.killAndHold(['broker', 'reader']);
  await turn();
  expect(broker.running).toBe(true);
  startable.resolve();
  await gone;
  expect([broker.running, reader.running]).toEqual([false, false]);
  await Promise.all([keeper.release('broker'), keeper.release('reader')]);
  expect([broker.running, reader.running]).toEqual([true, true]);
});

it('keeps down whom it killed until they are released', async () => {
  startable.resolve();
  await keeper.killAndHold(['reader']);
  broker.kill();
  // Who ended beside it is back, and it is not.
  await waitFor(() => keeper.starts().get('broker') === 1, { what: 'the broker to be back' });
  expect([reader.running, reader.starts]).toEqual([false, 0]);
  await keeper.release('reader');
  expect(reader.running).toBe(true);
});

it('puts nobody to sleep who is just starting, and starts nobody for sleeping', async () => {
  reader.kill();
  await waitFor(() => reader.starts === 1, { what: 'the reader to be starting' });
  const asleep = keeper.putToSleep('reader');
  await turn();
  expect(reader.signals).toEqual([]);
  startable.resolve();
  await asleep;
  keeper.wake('reader');
  expect([reader.signals, reader.starts]).toEqual([['SIGSTOP', 'SIGCONT'], 1]);
});
