// For other packages of tests: the platform as `npm start` runs it, in a folder of its own.
export { partnersByDeployment } from '@throughline/test-recount';
export { exactCells, ROOT, runPlatform } from './running-platform.js';
export type { RunningPlatform, RunOptions } from './running-platform.js';
