export { readDecisionWord } from '../decisions/decision-words.js';
export { readIdentifierMessage } from '../identifiers/identifier-message.js';
export { Linker } from '../linking/linker.js';
export { GenerationRun } from '../runs/generation-run.js';
export { MemoryIndex } from './memory-index.js';
