import { RedisScript } from './redis-connection.js';
import type { RedisConnection } from './redis-connection.js';

const LAST = '{cuts}:last';
const keyOf = (number: number) => `{cuts}:${number}`;

// KEYS: last. ARGV: prefix, cut.
const ADD = new RedisScript(
  'keep a cut',
  `local number = redis.call('INCR', KEYS[1])
redis.call('SET', ARGV[1] .. number, ARGV[2])
return number`,
);

/** Cuts by number, kept over generations. */
export class CutStore {
  constructor(private readonly connection: RedisConnection) {}

  /** @returns the cut's number, from 1. */
  async add(cut: string): Promise<number> {
    return (await this.connection.run(ADD, [LAST], ['{cuts}:', cut])) as number;
  }

  async last(): Promise<{ readonly number: number; readonly cut: string } | null> {
    const number = (await this.connection.command('GET', LAST)) as Buffer | null;
    if (number === null) return null;
    const cut = await this.get(Number(String(number)));
    return cut === null ? null : { number: Number(String(number)), cut };
  }

  async get(number: number): Promise<string | null> {
    const cut = (await this.connection.command('GET', keyOf(number))) as Buffer | null;
    return cut === null ? null : String(cut);
  }
}
