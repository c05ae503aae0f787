import type { StoreConnection } from './redis-connection.js';

const KEY = '{dead-letters}:told';
const ORDER = '{dead-letters}:order';

/** Beyond so many the first told are forgotten: a bad producer must not fill the store that the view lives in. */
export const MOST_TOLD = 100_000;

/**
 * Names of records that were told of as dead letters, over all generations and processes: a rebuild reads them again. A hint:
 * what was forgotten, or lost with the store, is told of again.
 */
export class ToldRecords {
  constructor(
    private readonly connection: StoreConnection,
    private readonly most = MOST_TOLD,
  ) {}

  async areTold(names: readonly string[]): Promise<boolean[]> {
    if (names.length === 0) return [];
    return ((await this.connection.command('ZMSCORE', KEY, ...names)) as (Buffer | null)[]).map((score) => score !== null);
  }

  async add(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const order = Number(await this.connection.command('INCR', ORDER));
    await this.connection.command('ZADD', KEY, ...names.flatMap((name) => [order, name]));
    await this.connection.command('ZREMRANGEBYRANK', KEY, 0, -this.most - 1);
  }
}
