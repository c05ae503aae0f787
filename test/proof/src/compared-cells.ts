import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

/** What one trial came to. */
export interface ComparedCells {
  readonly shown: ReadonlyMap<string, number>;
  /** What it has to be. */
  readonly known: ReadonlyMap<string, number>;
  /** How many records it was made of. */
  readonly records: number;
}

/** Progress and interruptions are looked at so often. */
const TRIALS_PER_TURN = 20;

/** Tries what is drawn; cells that are not those known are an anomaly, the last thing that is tried. */
export async function compareCells<T>(drawn: fc.Arbitrary<T>, tryOne: (value: T) => Promise<ComparedCells>, { trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  let done = 0;
  let cells = 0;
  let records = 0;
  const property = fc.asyncProperty(drawn, async (value) => {
    signal?.throwIfAborted();
    const { shown, known, records: told } = await tryOne(value);
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

/** Cells as one text, equal where they are. */
const inOrder = (cells: ReadonlyMap<string, number>): string => JSON.stringify([...cells].sort(([a], [b]) => (a < b ? -1 : 1)));

/** Generators take a whole number for a seed. */
export const seedOf = (seed: string): number => createHash('sha256').update(seed).digest().readInt32BE() >>> 1;
