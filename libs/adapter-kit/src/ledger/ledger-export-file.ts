import { createReadStream } from 'node:fs';
import { LedgerExportInvalid } from './ledger-export.js';
import type { LedgerEntry } from './ledger-entry.js';

/** Thrown when the file a lost ledger is to be restored from cannot be read. */
export class LedgerExportUnreadable extends Error {
  override readonly name = 'LedgerExportUnreadable';
  readonly code = 'ledger-export-unreadable';
  readonly remedy = 'Put the export where LEDGER_EXPORT_FILE says and let the adapter read it, or unset LEDGER_EXPORT_FILE: snapshots are then held.';
  constructor(cause: unknown) {
    super(`LEDGER_EXPORT_FILE cannot be read (${(cause as NodeJS.ErrnoException).code ?? 'unknown cause'})`, { cause });
  }
}

/** A line of an export is a row of few short columns. */
const LONGEST_LINE = 64 * 1024;

/** The entries of an export, NDJSON. Throws {@link LedgerExportUnreadable}, or `LedgerExportInvalid` with the line. */
export async function* readLedgerExport(file: string): AsyncGenerator<LedgerEntry, void, void> {
  let line = 0;
  const entryOf = (text: string): LedgerEntry => {
    try {
      const entry = JSON.parse(text) as LedgerEntry | null;
      if (typeof entry?.row === 'object') return entry;
    } catch {
      // Told below, with its line.
    }
    throw new LedgerExportInvalid(line);
  };
  let held = '';
  for await (const text of textOf(file)) {
    const lines = (held + text).split('\n');
    held = lines.pop() ?? '';
    for (const each of lines) {
      line += 1;
      if (each.trim() !== '') yield entryOf(each);
    }
    if (held.length > LONGEST_LINE) throw new LedgerExportInvalid(line + 1);
  }
  line += 1;
  if (held.trim() !== '') yield entryOf(held);
}

async function* textOf(file: string): AsyncGenerator<string, void, void> {
  const stream = createReadStream(file, 'utf8');
  try {
    for await (const text of stream) yield text as string;
  } catch (error) {
    throw new LedgerExportUnreadable(error);
  } finally {
    stream.destroy();
  }
}
