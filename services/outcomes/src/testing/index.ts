export { PartitionTimelines } from '../consume/partition-timelines.js';
export { BatchStager } from '../consume/stage-batch.js';
export { GenerationKeeper } from '../generations/generation-keeper.js';
export { GenerationRun } from '../generations/generation-run.js';
export { markEveryone } from '../generations/mark-everyone.js';
export { partitionsOf } from '../generations/log-ends.js';
export type { LogEnds } from '../generations/log-ends.js';
export { cellsOf, FictionalLog } from './fictional-log.js';
export type { FictionalRecord } from './fictional-log.js';
