import type { StoreConnection } from './redis-connection.js';

/**
 * Spares two processes the same work. A hint: everything done under a lease is right without it.
 * @returns whether the holder has it for the next `forMs` milliseconds.
 */
export async function holdLease(connection: StoreConnection, name: string, holder: string, forMs: number): Promise<boolean> {
  const taken = await connection.command('SET', name, holder, 'NX', 'PX', forMs);
  if (taken !== null) return true;
  const current = (await connection.command('GET', name)) as Buffer | null;
  if (String(current) !== holder) return false;
  await connection.command('PEXPIRE', name, forMs);
  return true;
}
