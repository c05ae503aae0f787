import { StateStoreError } from '@throughline/state-store';
import type { RedisArgument, RedisReply, RedisScript, StoreConnection } from '@throughline/state-store';
import { answered } from '@throughline/state-store/testing';
import type { MemoryRedis } from '@throughline/state-store/testing';
import type { Faults } from './faults.js';
import type { Scheduler } from './scheduler.js';

const lost = (place: string) => new StateStoreError('STORE_UNREACHABLE', place, 'The connection was cut.');

/**
 * A process's connection: what it sends is done in the order sent, each in its turn. It is cut when the server begins anew;
 * of what is cut, nobody knows whether it was done.
 */
export class SimulatedConnection implements StoreConnection {
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly server: MemoryRedis,
    private readonly scheduler: Scheduler,
    private readonly faults: Faults,
  ) {}

  command(name: string, ...args: RedisArgument[]): Promise<RedisReply> {
    return this.#exchange(name, () => this.server.execute(name, args));
  }

  run(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<RedisReply> {
    return this.#exchange(script.name, () => this.server.run(script, keys, args));
  }

  async *keys(pattern: string): AsyncGenerator<readonly Buffer[]> {
    const [, found] = (await this.command('SCAN', '0', 'MATCH', pattern)) as [Buffer, Buffer[]];
    yield found;
  }

  async serverRun(): Promise<string> {
    await this.scheduler.turn('INFO');
    return this.server.serverRun;
  }

  async close(): Promise<void> {}

  #exchange(place: string, act: () => RedisReply): Promise<RedisReply> {
    const run = this.server.serverRun;
    const done = this.#last.then(async () => {
      await this.scheduler.turn(place);
      if (this.server.serverRun !== run) throw lost(place);
      if (this.faults.happens('request lost')) throw lost(place);
      const reply = answered(place, act);
      if (this.faults.happens('answer lost')) throw lost(place);
      return reply;
    });
    this.#last = done.catch(() => undefined);
    return this.#answered(done);
  }

  /** The answer takes its own time to arrive. */
  async #answered(done: Promise<RedisReply>): Promise<RedisReply> {
    const reply = await done;
    await this.scheduler.turn('answer');
    return reply;
  }
}
