import { setTimeout as delay } from 'node:timers/promises';
import { EventProducer, readPlaces, redriveNoteJson } from '@throughline/event-bus';
import type { FetchedRecord } from '@throughline/event-bus';
import { DEAD_LETTERS, decodeEvent, deploymentOf, EventContractError, eventsTopic, tellsFacts } from '@throughline/event-contracts';
import { silentProgress } from '@throughline/servers';
import type { Progress } from '@throughline/servers';
import { isPlaced, recordName } from './read-letters.js';
import type { PlacedLetter, StoredLetter } from './read-letters.js';

/** What can be done about a letter's record now. */
export type RecordState =
  /** It lies in the log and this version can read it: it can be published again. */
  | 'ready'
  /** It was published again before. */
  | 'redriven'
  /** This version cannot read it either. */
  | 'unreadable'
  /** Compaction or erasure has removed it, or its topic was deleted or made anew. */
  | 'gone'
  /** It never was a partner's event in the log: a record of a submission, which its partner sends again. */
  | 'not-in-the-log';

export const RECORD_STATES: readonly RecordState[] = ['ready', 'redriven', 'unreadable', 'gone', 'not-in-the-log'];

/** What a redrive would do, before it does anything. */
export interface RedrivePlan {
  /** How many records are in each state; one of several letters once. */
  readonly counts: Readonly<Record<RecordState, number>>;
  /** Those that are ready, in the order the log took them in: what is told of one person stays in its order. */
  readonly ready: readonly PlacedLetter[];
}

/** @throws BusError */
export async function planRedrive(brokers: readonly string[], letters: readonly StoredLetter[]): Promise<RedrivePlan> {
  const byRecord = new Map<string, PlacedLetter>();
  const counts: Record<RecordState, number> = { ready: 0, redriven: 0, unreadable: 0, gone: 0, 'not-in-the-log': 0 };
  for (const letter of letters) {
    if (isPlaced(letter) && deploymentOf(letter.topic) !== undefined) byRecord.set(recordName(letter), letter);
    else counts['not-in-the-log'] += 1;
  }
  const records = [...byRecord.values()];
  const waiting = records.filter(({ redriven }) => !redriven);
  counts.redriven = records.length - waiting.length;
  const states = new Map<string, RecordState>();
  await readRecords(brokers, waiting, (letter, record) => void states.set(recordName(letter), isReadable(letter.topic, record.value) ? 'ready' : 'unreadable'));
  const ready: PlacedLetter[] = [];
  for (const letter of waiting) {
    const state = states.get(recordName(letter)) ?? 'gone';
    counts[state] += 1;
    if (state === 'ready') ready.push(letter);
  }
  return { counts, ready: ready.sort(byAppending) };
}

export interface RedriveOptions {
  readonly brokers: readonly string[];
  /** As {@link planRedrive} gave them. */
  readonly ready: readonly PlacedLetter[];
  /** Records a second at most. */
  readonly perSecond: number;
  /** Ends it after the records at work; called again, it goes on behind them. */
  readonly signal?: AbortSignal;
  readonly progress?: Progress;
  /** Waits so many milliseconds, or less where the signal says so. */
  readonly pause?: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly lettersTopic?: string;
}

/** Records published at once, and noted at once: what is done twice at most where the process is killed. */
const MOST_AT_ONCE = 500;

/**
 * Publishes records again, with their own keys and values, to the ends of their own topics. One that is older than what was
 * said since changes nothing there: the greater revision stands.
 *
 * @returns how many were published and noted
 * @throws BusError where Kafka does not take them; those noted before are not offered again
 */
export async function redrive({ brokers, ready, perSecond, signal, progress = silentProgress, pause = pauseFor, lettersTopic = DEAD_LETTERS }: RedriveOptions): Promise<number> {
  const producer = new EventProducer({ brokers, clientId: 'redrive' });
  const task = progress.start('Publishing records again', ready.length, 'records');
  const atOnce = Math.max(1, Math.min(MOST_AT_ONCE, perSecond));
  let done = 0;
  try {
    for (let at = 0; at < ready.length && signal?.aborted !== true; at += atOnce) {
      const letters = ready.slice(at, at + atOnce);
      const records = new Map<string, FetchedRecord>();
      await readRecords(brokers, letters, (letter, record) => void records.set(recordName(letter), record));
      const there = letters.flatMap((letter) => {
        const record = records.get(recordName(letter));
        return record === undefined ? [] : [{ letter, record }];
      });
      // Placed by their keys: also one that lay in another partition than its subject's.
      await producer.publish(there.map(({ letter: { topic }, record: { key, value } }) => ({ topic, key, value })));
      await producer.publish(there.map(({ letter }) => ({ topic: lettersTopic, key: null, value: redriveNoteJson(letter) })));
      done += there.length;
      task.update(done);
      if (at + atOnce < ready.length) await pause((1_000 * letters.length) / perSecond, signal);
    }
    return done;
  } finally {
    task.finish();
    await producer.close();
  }
}

const pauseFor = async (milliseconds: number, signal: AbortSignal | undefined): Promise<void> => {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
};

/** As the log took them in; within one partition that is its order. */
const byAppending = (a: PlacedLetter, b: PlacedLetter): number =>
  a.appendedAt - b.appendedAt || (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0) || a.partition - b.partition || a.offset - b.offset;

/** Those of which the log still holds the record that was put aside, not another at its offset. */
async function readRecords(brokers: readonly string[], letters: readonly PlacedLetter[], onRecord: (letter: PlacedLetter, record: FetchedRecord) => void): Promise<void> {
  // Of one place there may be letters of several records: a topic was made anew.
  const byRecord = new Map(letters.map((letter) => [recordName(letter), letter]));
  await readPlaces({
    brokers,
    clientId: 'redrive',
    places: letters.map(({ topic, partition, offset }) => ({ topic, partition, offset })),
    onRecord(place, record) {
      const letter = byRecord.get(recordName({ ...place, appendedAt: record.timestamp }));
      if (letter !== undefined && record.value !== null) onRecord(letter, record);
    },
  });
}

/** Whether this version can read it, and it is on a topic of its kind. */
function isReadable(topic: string, value: Buffer | null): boolean {
  if (value === null) return false;
  try {
    const { type } = decodeEvent(value);
    return tellsFacts(type) === (topic === eventsTopic(deploymentOf(topic) ?? ''));
  } catch (error) {
    if (error instanceof EventContractError) return false;
    throw error;
  }
}
