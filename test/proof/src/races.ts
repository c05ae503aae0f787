import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import fc from 'fast-check';
import { setImmediate as turn } from 'node:timers/promises';
import { inOrder, seedOf } from './permutations.js';
import { anyRace, runRace } from './race.js';

/** Progress and interruptions are looked at so often. */
const TRIALS_PER_TURN = 20;

/** A trial: one history of the product's own processes, interleaved between any two exchanges with the store. */
export async function races({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  let done = 0;
  let cells = 0;
  let records = 0;
  const property = fc.asyncProperty(anyRace, async (race) => {
    signal?.throwIfAborted();
    const { shown, known, records: told } = await runRace(race);
    if (inOrder(shown) !== inOrder(known)) throw new Error(`shown ${inOrder(shown)}, in the records ${inOrder(known)}`);
    cells += known.size;
    records += told;
    done += 1;
    onTrial?.(done);
    // Whoever interrupts is heard only between two turns of the loop.
    if (done % TRIALS_PER_TURN === 0) await turn();
  });
  const details = await fc.check(property, { numRuns: trials, seed: seedOf(seed) });
  // Not a failure of what was tried.
  signal?.throwIfAborted();
  const anomalies = details.failed ? [`${String(details.errorInstance)}, seed ${details.seed}, path ${details.counterexamplePath}`] : [];
  return { trials: details.numRuns, anomalies, counts: { records, cells } };
}
