// For other packages of tests: what is tried again and again, each with a number of trials.
export { DRILLS } from './drills/drills.js';
export type { NamedDrill } from './drills/drills.js';
export { halves } from './drills/halves.js';
export type { Drill, DrillOptions, DrillReport } from './drills/drill.js';
export { attack } from './attack.js';
export { readPatches } from './sabotage/sabotage-patch.js';
export { tryPatches } from './sabotage/try-patches.js';
export { textTable } from './text-table.js';
