export { GenerationRun } from '../runs/generation-run.js';
