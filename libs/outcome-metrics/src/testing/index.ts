export { anyHistory, anyEntry, anyText } from './arbitraries.js';
export type { SubjectEntry } from './arbitraries.js';
export {
  circumstances,
  claim,
  earnings,
  idText,
  jobEnd,
  jobStart,
  jobSustained,
  learning,
  referral,
  support,
} from './fact-builders.js';
export type { FactDetails } from './fact-builders.js';
export { stated, timelineOf, withdrawn } from './timeline-builders.js';
export type { Word } from './timeline-builders.js';
export { counted, thrownBy, total } from './given.js';
export type { CountedCell } from './given.js';
