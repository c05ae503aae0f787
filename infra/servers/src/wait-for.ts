import { setTimeout as delay } from 'node:timers/promises';
import { LocalError } from './local-error.js';

export interface WaitForOptions {
  /** What is waited for, as it reads after "waited for". */
  readonly what: string;
  /** Milliseconds after which it is given up. Default 30,000. */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks. Default 25. */
  readonly everyMs?: number;
  /** Ends the waiting at once, with the signal's reason. */
  readonly signal?: AbortSignal;
}

/**
 * Looks until the condition gives something other than `undefined` or `false`, and returns that. A condition that throws
 * counts as not yet; the last error is the cause of the failure.
 *
 * @throws LocalError `TIMED_OUT`
 */
export async function waitFor<T>(
  condition: () => T | undefined | false | Promise<T | undefined | false>,
  { what, timeoutMs = 30_000, everyMs = 25, signal }: WaitForOptions,
): Promise<T> {
  const until = performance.now() + timeoutMs;
  let cause: unknown;
  for (;;) {
    signal?.throwIfAborted();
    try {
      const value = await condition();
      if (value !== undefined && value !== false) return value;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= until) {
      const last = cause instanceof Error ? ` (last: ${cause.message})` : '';
      throw new LocalError('TIMED_OUT', `Waited ${timeoutMs / 1000} s for ${what} in vain${last}`, 'look at its log, then try again', {
        cause,
      });
    }
    await delay(everyMs);
  }
}
