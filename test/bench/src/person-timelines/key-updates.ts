import { RedisConnection } from '@throughline/state-store';
import type { BenchServers } from '../process/bench-servers.js';
import { cpuSecondsOf } from '../process/machine.js';

// ARGV: keys of 16 bytes, one after the other; the value that each of them gets. What is written is told nobody.
const UPDATE = `for at = 1, #ARGV[1], 16 do redis.call('SET', string.sub(ARGV[1], at, at + 15), ARGV[2]) end
return #ARGV[1] / 16`;

const KEYS = 200_000;
const KEYS_PER_SCRIPT = 1_000;
/** Scripts under way at a time, so that Redis never waits for the next. */
const UNDER_WAY = 4;
/** As much as is kept of one fact. */
const VALUE = Buffer.alloc(30, 7);

/** Distinct keys that Redis could update in a script if there were nothing else to do. */
export interface KeyUpdates {
  readonly updates: number;
  readonly seconds: number;
  /** Of the server’s own processor time. */
  readonly cpuSeconds: number;
}

/** Has Redis, emptied before and after, update so many distinct keys, every write on the disk before it is answered. */
export async function measureKeyUpdates({ redis }: BenchServers, rounds: number): Promise<KeyUpdates> {
  const connection = new RedisConnection({ url: redis.url, commandTimeoutMs: 120_000 });
  try {
    await connection.command('FLUSHALL');
    const scripts = Array.from({ length: KEYS / KEYS_PER_SCRIPT }, (_, script) => keysFrom(script * KEYS_PER_SCRIPT));
    const before = cpuSecondsOf(redis.pid);
    const began = performance.now();
    let updates = 0;
    const work = async (lane: number): Promise<void> => {
      for (let at = lane; at < scripts.length * rounds; at += UNDER_WAY) {
        const updated = (await connection.command('EVAL', UPDATE, 0, scripts[at % scripts.length]!, VALUE)) as number;
        // Not in one expression, which would read the sum before it waits and lose what other lanes add meanwhile.
        updates += updated;
      }
    };
    await Promise.all(Array.from({ length: UNDER_WAY }, (_, lane) => work(lane)));
    const seconds = (performance.now() - began) / 1_000;
    const cpuSeconds = cpuSecondsOf(redis.pid) - before;
    const held = (await connection.command('DBSIZE')) as number;
    if (held !== KEYS || updates !== KEYS * rounds) throw new Error(`Redis holds ${held} of ${KEYS} keys after ${updates} of ${KEYS * rounds} updates.`);
    await connection.command('FLUSHALL');
    return { updates, seconds, cpuSeconds };
  } finally {
    await connection.close();
  }
}

function keysFrom(first: number): Buffer {
  const keys = Buffer.alloc(KEYS_PER_SCRIPT * 16);
  for (let key = 0; key < KEYS_PER_SCRIPT; key += 1) keys.writeUInt32BE(first + key, key * 16);
  return keys;
}
