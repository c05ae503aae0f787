export { conformanceSuite } from './conformance.js';
export type { ConformanceExamples, ExampleSubmission } from './conformance.js';
export { fold, MemorySink } from './memory-sink.js';
export { asPayload, TEST_KEYS, TEST_NOW, TestAdapter, testOptions } from './test-adapter.js';
export { changed, factsOfType, factsOutcome, inShort, mappingContext, NO_PARAMETERS, readAll, recordAt, refusedWhole } from './reader-testing.js';
export type { ReadWith } from './reader-testing.js';
