export { GenerationKeeper } from '../generations/generation-keeper.js';
export { GenerationRun } from '../generations/generation-run.js';
export { partitionsOf } from '../generations/log-ends.js';
export type { LogEnds } from '../generations/log-ends.js';
