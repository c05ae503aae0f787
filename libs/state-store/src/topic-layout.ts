import { GenerationKeys } from './generation-keys.js';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';

// KEYS: partitions. ARGV: topic, number. One step: a store emptied between writing and reading would answer that none is fixed.
const FIX = new RedisScript(
  'fix the partitions of a topic',
  `redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2])
return redis.call('HGET', KEYS[1], ARGV[1])`,
);

/**
 * How many partitions each topic has by which a generation is built. Fixed when the first partition of a topic is about to
 * be read, before anything of it is stored: whoever reads this after a figure knows every topic that the figure counts.
 */
export class TopicLayout {
  readonly #key: string;
  readonly #misplaced: string;
  constructor(
    private readonly connection: StoreConnection,
    generation: number,
  ) {
    this.#key = new GenerationKeys(generation).topics('partitions');
    this.#misplaced = new GenerationKeys(generation).topics('misplaced');
  }

  /** Fixes a topic's number of partitions, unless it is fixed. @returns the number that is fixed */
  async fix(topic: string, partitions: number): Promise<number> {
    return Number(await this.connection.run(FIX, [this.#key], [topic, partitions]));
  }

  /** Counts records that lie in another partition than their subject's by that number. */
  async addMisplaced(records: number): Promise<void> {
    await this.connection.command('INCRBY', this.#misplaced, records);
  }

  /** How many were counted; one that was read again after a fault, again. */
  async misplaced(): Promise<number> {
    return Number(await this.connection.command('GET', this.#misplaced));
  }

  /** Every topic of which anything was read. */
  async all(): Promise<Map<string, number>> {
    const reply = (await this.connection.command('HGETALL', this.#key)) as Buffer[];
    const layout = new Map<string, number>();
    for (let at = 0; at + 1 < reply.length; at += 2) layout.set(String(reply[at]), Number(String(reply[at + 1])));
    return layout;
  }
}
