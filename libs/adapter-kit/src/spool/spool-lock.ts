import { DatabaseSync } from 'node:sqlite';
import { SpoolNotWritable } from './sealed-file.js';

/** Thrown when another process works on the same spool folder. */
export class SpoolInUse extends Error {
  override readonly name = 'SpoolInUse';
  readonly code = 'spool-in-use';
  readonly remedy = 'Stop the adapter that uses it, or give this one a SPOOL_DIR of its own. A process that was killed holds nothing: no file has to be deleted.';
  constructor() {
    super('SPOOL_DIR is in use by another adapter process');
  }
}

const SQLITE_BUSY = 5;

/** A folder held by this process alone. */
export interface SpoolLock {
  /** Twice is harmless. */
  readonly release: () => void;
}

/**
 * Takes a spool folder for this process: an exclusive transaction on an empty database, held until released. The operating
 * system ends it with the process, however that ends. Throws {@link SpoolInUse} at once where another has it.
 * @param path of the lock's own file. It holds nothing; deleting it while an adapter runs lets a second one in.
 */
export const takeSpoolLock = (path: string): SpoolLock => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path);
    database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE;');
  } catch (error) {
    database?.close();
    // The low byte is the plain result; the rest says more of it.
    if (((error as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY) throw new SpoolInUse();
    throw new SpoolNotWritable(error);
  }
  const held = database;
  let released = false;
  return {
    release: () => {
      if (!released) held.close();
      released = true;
    },
  };
};
