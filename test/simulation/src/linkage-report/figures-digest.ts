import { createHash } from 'node:crypto';
import type { LevelReport } from './linkage-report.js';

const inOrder = <T>(figures: ReadonlyMap<string, T>): readonly (readonly [string, T])[] => [...figures].sort(([left], [right]) => (left < right ? -1 : 1));

/**
 * Short name of every figure of one level beside what was lived, whatever their order: another figure gives another name.
 * @returns 16 hexadecimal digits
 */
export function figuresDigest({ level, subjects, participants, pairs, metrics }: LevelReport, lived: ReadonlyMap<string, number>): string {
  const costs = inOrder(metrics).map(([metric, { truly, linked, drift }]) => [metric, truly, linked, drift.tooOften, drift.tooSeldom]);
  const { twins, family, strangers } = pairs.falselyJoined;
  const figures = [level, subjects, participants, pairs.true, pairs.linkable, pairs.joined, inOrder(pairs.missed), [twins, family, strangers], costs, inOrder(lived)];
  return createHash('sha256').update(JSON.stringify(figures)).digest('hex').slice(0, 16);
}
