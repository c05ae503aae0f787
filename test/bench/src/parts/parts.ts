import { growthPart } from '../growth/part.js';
import { personTimelinesPart } from '../person-timelines/part.js';
import { pipelinePart } from '../pipeline/part.js';
import type { PartName } from '../report/pages.js';
import { whoIsWhoPart } from '../who-is-who/part.js';
import { intakePart } from './intake.js';
import { logParts } from './log-parts.js';
import type { Part } from './part.js';
import { warmStartPart } from './warm-start.js';

export const PARTS: Readonly<Record<PartName, Part>> = {
  log: logParts,
  'person-timelines': personTimelinesPart,
  intake: intakePart,
  pipeline: pipelinePart,
  start: warmStartPart,
  growth: growthPart,
  'who-is-who': whoIsWhoPart,
};
