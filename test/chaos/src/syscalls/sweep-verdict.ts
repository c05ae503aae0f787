import type { SinkRecord } from '@throughline/adapter-kit';
import type { Answer } from './swept-adapter.js';

/** What a call is struck with: death, or an error of the disk. */
export const FAULTS = ['KILL', 'EIO', 'ENOSPC'] as const;
export type Fault = (typeof FAULTS)[number];

/** What one swept submission came to. */
export interface SweptRun {
  /** What the sender was told; null: nothing, as if the adapter had died before. */
  readonly answer: Answer | null;
  /** Receipts, and files that nobody was promised, found at the next start. */
  readonly receipts: readonly string[];
  readonly leftovers: readonly string[];
  /** What had been published when the submission was sent again; null: it did not have to be. */
  readonly publishedBefore: number | null;
  /** What the sender was told then. */
  readonly answeredAgain: Answer | null;
  /** The state it ended in; null: it did not come to an end. */
  readonly state: string | null;
  readonly log: readonly SinkRecord[];
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Events of a log: topic and key to value. */
export const eventsOf = (log: readonly SinkRecord[]): Map<string, string> => new Map(log.map(({ topic, key, value }) => [`${topic} ${hexOf(key)}`, hexOf(value)]));

/**
 * What is not as it must be: a receipt stands for what is known after the next start and published, each event as it is
 * without any fault; an error says what to do and leaves nothing behind; only who is killed may say nothing; without a receipt
 * the submission can be sent again.
 */
export function judge(run: SweptRun, expected: ReadonlyMap<string, string>, fault: Fault): string[] {
  const { answer, receipts, answeredAgain, state, log } = run;
  const wrong: string[] = [];
  if (answer === null) {
    if (fault !== 'KILL') wrong.push('the sender was told nothing');
  } else if ('submission' in answer) {
    if (!receipts.includes(answer.submission)) wrong.push('a receipt was given and is not known after the next start');
  } else {
    const { status, code, remedy } = answer.problem;
    if (status !== 507 || code === 'internal' || remedy === '') wrong.push(`the sender was told ${status} ${code}`);
    if (receipts.length > 0) wrong.push('nothing was accepted, and a receipt is found at the next start');
    if (run.publishedBefore !== 0) wrong.push('nothing was accepted, and events were published');
  }
  if (answeredAgain !== null && !('submission' in answeredAgain)) wrong.push(`sent again, the sender was told ${answeredAgain.problem.status} ${answeredAgain.problem.code}`);
  if (run.leftovers.length > 0) wrong.push(`${run.leftovers.length} unfinished files are left after the next start`);
  if (state !== 'published') wrong.push(`the submission is ${state ?? 'never done with'}`);
  const found = eventsOf(log);
  const lost = [...expected.keys()].filter((key) => !found.has(key)).length;
  if (lost > 0) wrong.push(`${lost} of ${expected.size} events are not published`);
  if ([...found.keys()].some((key) => !expected.has(key))) wrong.push('events are published that the submission does not tell');
  if (log.some(({ topic, key, value }) => (expected.get(`${topic} ${hexOf(key)}`) ?? hexOf(value)) !== hexOf(value))) wrong.push('an event says something else than without the fault');
  return wrong;
}
