import type { Criterion, JudgedCriterion, ProofRow, RowResult, RowRun } from './proof-row.js';

/**
 * A run beside what its row asks for today, which may be more than when it was run. Where a row tries all there is, that is
 * as many as there were then.
 */
export function judged({ target: wanted, criteria = [] }: ProofRow, { row, trials, anomalies, target: then, seconds, counts, date, commit, machine, command }: RowRun): RowResult {
  const target = typeof wanted === 'number' ? wanted : then;
  const parts = criteria.map((criterion) => judgedCriterion(criterion, counts));
  const reached = anomalies === 0 && trials >= target && parts.every((part) => part.reached);
  return { row, trials, anomalies, target, reached, criteria: parts, seconds, counts, date, ...(commit === undefined ? {} : { commit }), machine, command };
}

function judgedCriterion({ figure, atLeast, atMost }: Criterion, counts: RowRun['counts']): JudgedCriterion {
  const measured = counts[figure] ?? null;
  const [bound, target] = atLeast === undefined ? (['at most', atMost ?? 0] as const) : (['at least', atLeast] as const);
  return { figure, bound, target, measured, reached: measured !== null && (bound === 'at least' ? measured >= target : measured <= target) };
}

/** What was known, with what a run found out in its place, each judged; of rows that there are. */
export function withRuns(rows: readonly ProofRow[], known: readonly RowRun[], found: readonly RowRun[]): RowResult[] {
  const runs = new Map([...known, ...found].map((run) => [run.row, run]));
  return rows.flatMap((row) => {
    const run = runs.get(row.number);
    return run === undefined ? [] : [judged(row, run)];
  });
}
