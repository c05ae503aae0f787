import { RedisConnection } from '@throughline/state-store';

/** Bytes in use beyond those of an empty server, in what Redis says of its memory. */
export function heldBytesIn(info: string): number {
  const [used, atStart] = ['used_memory', 'used_memory_startup'].map((name) => new RegExp(`^${name}:(\\d+)`, 'm').exec(info)?.[1]);
  if (used === undefined || atStart === undefined) throw new Error('Redis does not say how much memory it uses.');
  return Number(used) - Number(atStart);
}

/** Memory that a Redis uses for what it holds, bytes; what an empty one uses and what its allocator keeps besides are not in it. */
export async function redisBytes(url: string): Promise<number> {
  const connection = new RedisConnection({ url, commandTimeoutMs: 120_000 });
  try {
    return heldBytesIn(String(await connection.command('INFO', 'memory')));
  } finally {
    await connection.close();
  }
}
