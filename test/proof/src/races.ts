import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import { compareCells } from './compared-cells.js';
import { anyRace, runRace } from './race.js';

/** A trial: one history of the product's own processes, interleaved between any two exchanges with the store. */
export const races = (options: DrillOptions): Promise<DrillReport> => compareCells(anyRace, runRace, options);
