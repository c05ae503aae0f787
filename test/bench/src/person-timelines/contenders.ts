import { drain } from './drain.js';
import type { TimelineContender } from './timeline-contender.js';

/** Everybody who runs the logs about people under several references, in the order in which they take turns. */
export const TIMELINE_CONTENDERS: readonly TimelineContender[] = [drain];
