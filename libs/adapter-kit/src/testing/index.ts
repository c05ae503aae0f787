export { conformanceSuite } from './conformance.js';
export type { ConformanceExamples, ExampleSubmission } from './conformance.js';
export { fold, MemorySink } from './memory-sink.js';
export { asPayload, TEST_KEYS, TestAdapter, testOptions } from './test-adapter.js';
