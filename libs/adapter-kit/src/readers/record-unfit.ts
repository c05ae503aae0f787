import type { FaultCode, RecordFault } from '../adapter-declaration.js';

/** Ends the reading of one record at its first fault; caught by {@link readRecord}, so that it never leaves a reader. */
export class RecordUnfit extends Error {
  override readonly name = 'RecordUnfit';
  constructor(readonly fault: RecordFault) {
    super(fault.code);
  }
}

/** Thrown by a reader's check: code, place, what would have been right, what to do. Never a value. */
export const unfit = (code: FaultCode, path: string, expected: string, remedy: string): never => {
  throw new RecordUnfit({ code, path, expected, remedy });
};

/** What `read` returns, or the first fault its checks found. */
export const readRecord = <R>(read: () => R): { readonly record: R; readonly fault: null } | { readonly record: null; readonly fault: RecordFault } => {
  try {
    return { record: read(), fault: null };
  } catch (error) {
    if (error instanceof RecordUnfit) return { record: null, fault: error.fault };
    throw error;
  }
};
