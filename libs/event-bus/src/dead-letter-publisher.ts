import { DEAD_LETTERS, DEPLOYMENT_NAME } from '@throughline/event-contracts';
import { BusError } from './bus-error.js';
import type { EventProducer } from './event-producer.js';

/** Where in the flow a record stopped. */
export const DEAD_LETTER_STAGES = ['intake', 'linkage', 'outcomes'] as const;

/** Stage of a dead letter. */
export type DeadLetterStage = (typeof DEAD_LETTER_STAGES)[number];

/**
 * Where a record that went no further lies, and why. Places, codes and counts only: there is no field that could hold what
 * the record says or whom it is about.
 */
export interface DeadLetter {
  readonly stage: DeadLetterStage;
  readonly deployment?: string;
  /** Submission id, 32 lower-case hex digits. */
  readonly submission?: string;
  /** Ordinal of the record in its submission, from 1. */
  readonly record?: number;
  readonly topic?: string;
  readonly partition?: number;
  readonly offset?: number;
  /** When the broker appended the record, milliseconds: an offset alone may come again in a topic that is made anew. */
  readonly appendedAt?: number;
  /** Upper-case words joined by `_`, or lower-case words joined by `-`. */
  readonly code: string;
  /** What to do, in fixed words: never built from the record. */
  readonly remedy: string;
}

/** A remedy may name every column of a file; one that is refused for its length would block its submission for ever. */
const LONGEST_REMEDY = 4_000;
const isOrdinal = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

// Fields are copied one by one, so that nothing that merely rides on the object is published.
const CHECKS: { readonly [K in keyof Required<DeadLetter>]: (value: unknown) => boolean } = {
  stage: (value) => DEAD_LETTER_STAGES.includes(value as DeadLetterStage),
  deployment: (value) => typeof value === 'string' && DEPLOYMENT_NAME.test(value),
  submission: (value) => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value),
  record: isOrdinal,
  topic: (value) => typeof value === 'string' && /^[a-z][a-z0-9.-]{0,200}$/.test(value),
  partition: isOrdinal,
  offset: isOrdinal,
  appendedAt: isOrdinal,
  code: (value) => typeof value === 'string' && /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$|^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value) && value.length <= 64,
  remedy: (value) => typeof value === 'string' && value.length > 0 && value.length <= LONGEST_REMEDY,
};

/**
 * The JSON of a dead letter.
 * @throws BusError `DEAD_LETTER_INVALID` naming the field, never its value.
 */
export function deadLetterJson(letter: DeadLetter): Buffer {
  const given = letter as unknown as Record<string, unknown>;
  const fields = Object.entries(CHECKS).filter(([name]) => given[name] !== undefined || name === 'stage' || name === 'code' || name === 'remedy');
  for (const [name, check] of fields) {
    if (!check(given[name])) throw new BusError('DEAD_LETTER_INVALID', name, 'Give the field the form that its description states.', false);
  }
  return Buffer.from(JSON.stringify(Object.fromEntries(fields.map(([name]) => [name, given[name]]))));
}

/** What was told before, by whoever read the same record. */
export interface ToldLetters {
  areTold(names: readonly string[]): Promise<boolean[]>;
  add(names: readonly string[]): Promise<void>;
}

/** Same record, same reason; undefined for what lies in no log. */
const nameOf = ({ topic, partition, offset, appendedAt, code }: DeadLetter): string | undefined =>
  topic === undefined || offset === undefined ? undefined : [topic, partition, offset, appendedAt, code].join('/');

/** Publishes dead letters. */
export class DeadLetterPublisher {
  constructor(
    private readonly producer: Pick<EventProducer, 'publish'>,
    private readonly topic: string = DEAD_LETTERS,
    private readonly told?: ToldLetters,
  ) {}

  /**
   * Resolves once the letters are acknowledged: go on past the records only then. One that cannot be written leaves the
   * batch unacknowledged, and the caller lets the error pass. Of a record that was told of before, for the same reason, nothing
   * is published: a batch is read again after a fault, and the whole log by every rebuild.
   * @returns how many are new
   * @throws BusError `DEAD_LETTER_INVALID`, or what publishing throws.
   */
  async deadLetter(...letters: readonly DeadLetter[]): Promise<number> {
    const named = letters.map((letter) => ({ letter, name: this.told === undefined ? undefined : nameOf(letter) }));
    const names = named.flatMap(({ name }) => name ?? []);
    const areTold = (await this.told?.areTold(names)) ?? [];
    const told = new Set(names.filter((_, i) => areTold[i]));
    const news = named.filter(({ name }) => name === undefined || !told.has(name));
    await this.producer.publish(news.map(({ letter }) => ({ topic: this.topic, key: null, value: deadLetterJson(letter) })));
    await this.told?.add(news.flatMap(({ name }) => name ?? []));
    return news.length;
  }
}
