import type { RedisConnection } from './redis-connection.js';

const KEY = '{dead-letters}:told';

/**
 * Names of records that were told of as dead letters, over all generations and processes: a rebuild reads them again. A hint:
 * where it was lost with the store, they are told of again.
 */
export class ToldRecords {
  constructor(private readonly connection: RedisConnection) {}

  async areTold(names: readonly string[]): Promise<boolean[]> {
    if (names.length === 0) return [];
    return ((await this.connection.command('SMISMEMBER', KEY, ...names)) as number[]).map((told) => told === 1);
  }

  async add(names: readonly string[]): Promise<void> {
    if (names.length > 0) await this.connection.command('SADD', KEY, ...names);
  }
}
