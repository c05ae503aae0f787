import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import { runHistory } from '@throughline/test-model';
import { setImmediate as turn } from 'node:timers/promises';
import { seedOf } from './permutations.js';

/** Progress and interruptions are looked at so often. */
const TRIALS_PER_TURN = 100;

/** A trial: one history of workers of consume, link, reconcile and cut, interleaved between any two reads and writes. */
export async function races({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const first = seedOf(seed);
  const anomalies: string[] = [];
  for (let done = 0; done < trials; done += 1) {
    const wrong = runHistory(first + done);
    if (wrong.length > 0) anomalies.push(`history ${first + done}: ${wrong.join('; ')}`);
    if ((done + 1) % TRIALS_PER_TURN !== 0) continue;
    onTrial?.(done + 1);
    await turn();
    signal?.throwIfAborted();
  }
  return { trials, anomalies, counts: {} };
}
