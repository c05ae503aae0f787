import { metricsOf, unverifiedRulesOf } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { createHash } from 'node:crypto';
import type { LogEnds } from '../generations/log-ends.js';

/** What a cut is: the same position and rules give the same, whoever takes it and whenever. */
export interface CutContent {
  readonly rulesVersion: string;
  /** Ids of the metrics that a number of these rules decides which nobody could verify, ascending. */
  readonly unverified: readonly string[];
  readonly position: LogEnds;
  /** By cell, ascending. */
  readonly cells: ReadonlyMap<string, number>;
}

/** A cut and when it was taken. */
export interface Cut {
  /** Milliseconds. */
  readonly takenAt: number;
  readonly generation: number;
  readonly content: CutContent;
}

/** A cut that stands, under its number for ever. */
export interface NumberedCut extends Cut {
  readonly number: number;
  /** SHA-256 of the content, hex. */
  readonly digest: string;
}

export function cutContent(cells: ReadonlyMap<string, number>, position: LogEnds, rules: RuleSet): CutContent {
  const unverified = metricsOf(rules).filter((metric) => unverifiedRulesOf(metric, rules).length > 0).map(({ id }) => id);
  return {
    rulesVersion: rules.version,
    unverified: unverified.sort(),
    position,
    cells: new Map([...cells].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** SHA-256 over rules, position and cells as lines of text: decision 0007. */
export function digestOf({ rulesVersion, position, cells }: CutContent): Buffer {
  const digest = createHash('sha256').update(`rules\t${rulesVersion}\n`);
  for (const kind of ['facts', 'identifiers'] as const) {
    for (const [topic, offsets] of Object.entries(position[kind])) digest.update(`${kind}\t${topic}\t${offsets.join(',')}\n`);
  }
  for (const [cell, count] of cells) digest.update(`cell\t${cell}\t${count}\n`);
  return digest.digest();
}
