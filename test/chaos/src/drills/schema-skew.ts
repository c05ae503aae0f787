import { schemaPairs, tryPair } from '@throughline/event-contracts/testing';
import { createHash } from 'node:crypto';
import type { Drill } from './drill.js';

/**
 * A trial: one released version of a schema, written by its frozen file, and today's decoder with the schemas of one release,
 * older or newer, that reads it; no older build is run. What it holds is read as it must be, what is newer than it is refused
 * for its id, which makes a dead letter.
 */
export const schemaSkew: Drill = async ({ trials, seed, onTrial, signal }) => {
  const pairs = schemaPairs().slice(0, trials);
  const counts = { 'values read': 0, 'values refused': 0 };
  const anomalies: string[] = [];
  for (const [done, pair] of pairs.entries()) {
    signal?.throwIfAborted();
    const { read, refused, faults } = tryPair(pair, createHash('sha256').update(`${seed} ${done}`).digest().readInt32BE(0));
    counts['values read'] += read;
    counts['values refused'] += refused;
    anomalies.push(...faults);
    onTrial?.(done + 1);
  }
  return { trials: pairs.length, anomalies, counts };
};
