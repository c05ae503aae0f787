import { setTimeout as pause } from 'node:timers/promises';
import { fullReferral, referralsFile } from './referral-rows.js';

const ROWS_PER_SUBMISSION = 50;
/** A month that no invented life reaches, and no other part of the bench. */
const DAY = '2032-03-11';

/** Partners’ submissions of fifty referrals each, all of new people, to one adapter. */
export class SteadyLoad {
  #sent = 0;
  #stopped = false;
  #sending: Promise<void> = Promise.resolve();

  /** @param send hands a file to the adapter; resolves with its receipt */
  constructor(private readonly send: (file: string) => Promise<unknown>) {}

  /** Sends so many submissions at once. @returns rows sent */
  async burst(submissions: number): Promise<number> {
    for (let i = 0; i < submissions; i += 1) await this.#submit();
    return submissions * ROWS_PER_SUBMISSION;
  }

  /** Goes on sending at a rate, whatever becomes of what was sent. */
  start(rowsPerSecond: number): void {
    const everyMs = (ROWS_PER_SUBMISSION / rowsPerSecond) * 1_000;
    const began = performance.now();
    this.#sending = (async () => {
      for (let submission = 0; !this.#stopped; submission += 1) {
        await pause(Math.max(0, began + submission * everyMs - performance.now()));
        await this.#submit();
      }
    })();
    // Whoever stops it is told.
    this.#sending.catch(() => undefined);
  }

  /** @throws what sending threw */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#sending;
  }

  async #submit(): Promise<void> {
    const rows = Array.from({ length: ROWS_PER_SUBMISSION }, (_, row) => fullReferral(this.#sent + row, DAY));
    this.#sent += ROWS_PER_SUBMISSION;
    await this.send(referralsFile(rows));
  }
}
