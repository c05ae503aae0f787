export { runHistories, tellOf } from './run-histories.js';
export type { Histories } from './run-histories.js';
export type { History } from './run-history.js';
