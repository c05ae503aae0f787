// For other packages of tests: the drills, each with a number of trials.
export { DRILLS } from './drills/drills.js';
export type { NamedDrill } from './drills/drills.js';
export type { Drill, DrillOptions, DrillReport } from './drills/drill.js';
