import { RedisConnection } from '@throughline/state-store';

/** Memory in use, bytes, in what Redis says of it. */
export function usedMemoryIn(info: string): number {
  const used = /^used_memory:(\d+)/m.exec(info)?.[1];
  if (used === undefined) throw new Error('Redis does not say how much memory it uses.');
  return Number(used);
}

/** Memory that a Redis uses for what it holds, bytes; what its allocator keeps besides is not in it. */
export async function redisBytes(url: string): Promise<number> {
  const connection = new RedisConnection({ url, commandTimeoutMs: 120_000 });
  try {
    return usedMemoryIn(String(await connection.command('INFO', 'memory')));
  } finally {
    await connection.close();
  }
}
