import { RedisConnection } from '@throughline/state-store';

/** Empties a Redis that runs, under whoever works with it. */
export async function emptyRedis(url: string): Promise<void> {
  const connection = new RedisConnection({ url });
  try {
    await connection.command('FLUSHALL');
  } finally {
    await connection.close();
  }
}
