import { isPlaced, ledgerEntryOf, logEntry } from '@throughline/adapter-kit';
import type { LedgerEntry } from '@throughline/adapter-kit';
import { BusError, readToEnd } from '@throughline/event-bus';
import { decodeEvent, EventContractError, eventsTopic, identifiersTopic } from '@throughline/event-contracts';
import { LocalError } from '@throughline/servers';
import { OutputFile } from './output-file.js';

/** What an export holds. */
export interface LedgerExport {
  readonly file: string;
  /** Words, repeats included: the adapter keeps the greatest of each fact. */
  readonly words: number;
  /** Words that state a fact without saying its scope, from before events did: while one of them stands, snapshots are held. */
  readonly unplaced: number;
  /** Records that are no event this version knows: left out. */
  readonly unreadable: number;
  /** Keys that were erased: what they said is left out. */
  readonly erased: number;
}

type Counts = Omit<LedgerExport, 'file' | 'erased'>;

/**
 * Writes the ledger of one deployment's adapter as its topics tell it, for `LEDGER_EXPORT_FILE`. Keyed hashes, clocks and
 * days only: no identifier, and no token, though the topic of tokens is read for the facts in it.
 *
 * @param file is there, whole, once this returns; readable by its owner only
 * @throws LocalError `NOT_REACHABLE` if Kafka or the topics are not there, `SETTING_INVALID` for a name that is none,
 *   `FILE_REFUSED` before anything is read
 */
export async function exportLedgerOf(deployment: string, file: string, brokers: readonly string[]): Promise<LedgerExport> {
  const erased = new Set<string>();
  try {
    for (;;) {
      const known = erased.size;
      await using out = await OutputFile.open(file);
      const counts = await writeWords(deployment, out, brokers, erased);
      // What a tombstone erases lies before it: with more of them known, once more without those.
      if (erased.size > known) continue;
      await out.keep();
      return { file, ...counts, erased: known };
    }
  } catch (error) {
    if (error instanceof EventContractError) throw new LocalError('SETTING_INVALID', `"${deployment}" is no deployment`, 'give the name that its topics end with, for example college', { cause: error });
    if (error instanceof BusError) throw new LocalError('NOT_REACHABLE', `The topics of ${deployment} cannot be read (${error.code} at ${error.place})`, 'see that Kafka runs, that KAFKA_BROKERS names it and that the deployment is called so', { cause: error });
    throw error;
  }
}

async function writeWords(deployment: string, out: OutputFile, brokers: readonly string[], erased: Set<string>): Promise<Counts> {
  const counts = { words: 0, unplaced: 0, unreadable: 0 };
  const topics = [eventsTopic(deployment), identifiersTopic(deployment)];
  await out.append(lineOf(logEntry(deployment, new Date())));
  await readToEnd({
    brokers,
    clientId: 'ledger-export',
    topics,
    async onBatch({ records }) {
      const lines: string[] = [];
      for (const { key, value } of records) {
        const name = key?.toString('latin1') ?? '';
        if (value === null) erased.add(name);
        if (value === null || erased.has(name)) continue;
        const entry = wordOf(value);
        if (entry === null) {
          counts.unreadable += 1;
          continue;
        }
        counts.words += 1;
        if (entry.row['stated'] === 1 && !isPlaced(entry)) counts.unplaced += 1;
        lines.push(lineOf(entry));
      }
      await out.append(lines.join(''));
    },
  });
  return counts;
}

const lineOf = (entry: LedgerEntry): string => `${JSON.stringify(entry)}\n`;

/** Null for what consumers put aside as a dead letter. */
function wordOf(value: Buffer): LedgerEntry | null {
  try {
    return ledgerEntryOf(decodeEvent(value));
  } catch (error) {
    if (error instanceof EventContractError) return null;
    throw error;
  }
}
