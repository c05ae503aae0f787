export { anyEvent } from './any-event.js';
export { schemaPairs, tryPair } from './schema-skew.js';
export type { PairReport, SchemaPair } from './schema-skew.js';
