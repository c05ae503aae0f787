import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@throughline/local';

/** What outcomes showed to somebody who asked all the while. */
export interface WatchedFigures {
  /** Resolves when a question that was asked after this call is answered. */
  readonly asksAgain: (signal?: AbortSignal) => Promise<void>;
  /** What was shown since the last call that must not be, one sentence each. */
  readonly wrong: () => string[];
  readonly counts: () => { readonly shown: number; readonly refused: number };
  readonly stop: () => Promise<void>;
}

/**
 * Asks for the exact cells again and again. They must be these, or refused with 503; and the feed must always be answered
 * with a cut, whatever becomes of the store.
 */
export function watchFigures(outcomesUrl: string, cells: ReadonlyMap<string, number>): WatchedFigures {
  const expected = JSON.stringify([...cells].sort());
  const counts = { shown: 0, refused: 0 };
  let wrong: string[] = [];
  let asked = 0;
  const stopping = new AbortController();

  const ask = async (): Promise<void> => {
    const response = await fetch(`${outcomesUrl}/internal/cells`, { signal: stopping.signal });
    const body = (await response.json()) as { readonly cells?: readonly { readonly key: string; readonly count: number }[]; readonly generation?: number };
    if (response.status === 200) {
      counts.shown += 1;
      if (JSON.stringify((body.cells ?? []).map(({ key, count }) => [key, count]).sort()) !== expected) wrong.push(`part of the figures was shown (generation ${body.generation}, ${body.cells?.length} cells)`);
    } else if (response.status === 503) counts.refused += 1;
    else wrong.push(`cells were answered with ${response.status}`);
    const feed = await fetch(`${outcomesUrl}/feed/v1/outcomes?format=csv`, { signal: stopping.signal });
    const text = await feed.text();
    if (feed.status !== 200 || !text.startsWith('metric,')) wrong.push(`the feed was answered with ${feed.status}`);
  };
  const asking = (async () => {
    while (!stopping.signal.aborted) {
      await ask().catch((error: unknown) => {
        if (!stopping.signal.aborted) wrong.push(`outcomes did not answer: ${error instanceof Error ? error.message : String(error)}`);
      });
      asked += 1;
      await pause(10);
    }
  })();

  return {
    async asksAgain(signal) {
      const before = asked;
      // The one under way may have been asked before.
      await waitFor(() => asked >= before + 2, { what: 'the figures to be asked for', timeoutMs: 600_000, ...(signal === undefined ? {} : { signal }) });
    },
    wrong() {
      const found = [...new Set(wrong)];
      wrong = [];
      return found;
    },
    counts: () => counts,
    async stop() {
      stopping.abort();
      await asking;
    },
  };
}
