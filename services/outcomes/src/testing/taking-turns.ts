import { StateStoreError } from '@throughline/state-store';
import type { RedisArgument, RedisReply, RedisScript, StoreConnection } from '@throughline/state-store';
import { answered } from '@throughline/state-store/testing';
import type { MemoryRedis } from '@throughline/state-store/testing';

/**
 * A connection whose exchanges take their turns, each once to be done and once to be answered. It is cut when the server begins
 * anew, and for good when its process is killed: what was done by then stays done.
 */
export class TakingTurns implements StoreConnection {
  #last: Promise<unknown> = Promise.resolve();
  #isCut = false;

  /** @param turnOf ends when it is this exchange's turn */
  constructor(
    private readonly store: MemoryRedis,
    private readonly turnOf: () => Promise<void>,
  ) {}

  /** From now on nothing is done, and nothing answered. */
  cut(): void {
    this.#isCut = true;
  }

  command(name: string, ...args: RedisArgument[]): Promise<RedisReply> {
    return this.#exchange(name, () => this.store.execute(name, args));
  }

  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    return this.#exchange(script.name, () => this.store.run(script, keys, args));
  }

  async *keys(): AsyncGenerator<readonly Buffer[]> {}

  async serverRun(): Promise<string> {
    return this.store.serverRun;
  }

  async close(): Promise<void> {}

  #exchange(place: string, act: () => RedisReply): Promise<RedisReply> {
    const { serverRun } = this.store;
    const done = this.#last.then(async () => {
      await this.turnOf();
      if (this.#isCut || this.store.serverRun !== serverRun) throw lost(place);
      return answered(place, act);
    });
    this.#last = done.catch(() => undefined);
    return done.then(async (reply) => {
      await this.turnOf();
      if (this.#isCut) throw lost(place);
      return reply;
    });
  }
}

const lost = (place: string) => new StateStoreError('STORE_UNREACHABLE', place, 'The connection was cut.');
