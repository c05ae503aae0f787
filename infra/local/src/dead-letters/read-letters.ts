import { BusError, readRedriveNote, readToEnd } from '@throughline/event-bus';
import type { DeadLetter, RecordPlace } from '@throughline/event-bus';
import { DEAD_LETTERS } from '@throughline/event-contracts';
import { LocalError } from '@throughline/servers';

/** A dead letter as it lies on its topic. Places, codes and remedies only: it holds nothing of a record. */
export interface StoredLetter extends DeadLetter {
  /** Its offset on the topic of dead letters: what it is called by. */
  readonly letter: number;
  /** When the broker appended it, ISO instant. */
  readonly at: string;
  /** Whether its record was published again. */
  readonly redriven: boolean;
}

/** Which letters; what is absent fits all. */
export interface LetterFilter {
  readonly code?: string;
  readonly stage?: string;
  readonly deployment?: string;
  readonly topic?: string;
  /** Appended at or after it, ISO instant. */
  readonly since?: string;
  /** This one alone. */
  readonly letter?: number;
}

export interface ReadLettersOptions {
  readonly brokers: readonly string[];
  readonly filter?: LetterFilter;
  /** At most so many, the newest. Default: all. */
  readonly newest?: number;
  /** Another than the platform's own. */
  readonly lettersTopic?: string;
}

/** A letter about a record of the log, and where and when that was appended. */
export type PlacedLetter = StoredLetter & RecordPlace & { readonly appendedAt: number };

export const isPlaced = (letter: StoredLetter): letter is PlacedLetter =>
  letter.topic !== undefined && letter.partition !== undefined && letter.offset !== undefined && letter.appendedAt !== undefined;

/** One record of the log: an offset alone may come again in a topic that is made anew. */
export const recordName = ({ topic, partition, offset, appendedAt }: RecordPlace & { readonly appendedAt: number }): string => `${topic}/${partition}/${offset}/${appendedAt}`;

/**
 * Dead letters that fit, oldest first.
 * @throws LocalError `NOT_REACHABLE` if Kafka or the topic is not there
 */
export async function readLetters({ brokers, filter = {}, newest = Infinity, lettersTopic = DEAD_LETTERS }: ReadLettersOptions): Promise<readonly StoredLetter[]> {
  // One partition, so that the order of the log is that of time.
  let found: StoredLetter[] = [];
  const redriven = new Set<string>();
  try {
    await readToEnd({
      brokers,
      clientId: 'dead-letters',
      topics: [lettersTopic],
      onBatch({ records }) {
        for (const { offset, timestamp, value } of records) {
          if (value === null) continue;
          const told = JSON.parse(value.toString('utf8')) as DeadLetter;
          const note = readRedriveNote(told);
          if (note !== null) redriven.add(recordName(note));
          else found.push({ letter: offset, at: new Date(timestamp).toISOString(), ...told, redriven: false });
        }
        found = found.filter((letter) => fits(letter, filter));
        // Only what can still be among the newest is kept, so that a long log needs no memory.
        if (found.length > newest) found = found.slice(-newest);
      },
    });
  } catch (error) {
    if (error instanceof BusError) throw new LocalError('NOT_REACHABLE', `The dead letters cannot be read (${error.code} at ${error.place})`, 'see that Kafka runs and that KAFKA_BROKERS or KAFKA_PORT names it', { cause: error });
    throw error;
  }
  return found.map((letter) => (isPlaced(letter) && redriven.has(recordName(letter)) ? { ...letter, redriven: true } : letter));
}

function fits(letter: StoredLetter, { since, ...equal }: LetterFilter): boolean {
  if (since !== undefined && Date.parse(letter.at) < Date.parse(since)) return false;
  return Object.entries(equal).every(([name, wanted]) => wanted === undefined || letter[name as keyof typeof equal] === wanted);
}
