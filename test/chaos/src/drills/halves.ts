import type { Drill } from './drill.js';

/** A drill, and what its trials are called where they are counted apart. */
export interface Half {
  readonly name: string;
  readonly drill: Drill;
}

/** One drill whose trials are half the first's, one more where they are odd, and half the second's. Counts of one name are added up. */
export const halves = (...both: readonly [Half, Half]): Drill => async ({ trials, seed, onTrial, signal }) => {
  const counts: Record<string, number> = {};
  const anomalies: string[] = [];
  let done = 0;
  for (const [at, { name, drill }] of both.entries()) {
    const before = done;
    const own = Math.ceil((trials - at) / 2);
    if (own === 0) continue;
    const report = await drill({ trials: own, seed, onTrial: (each) => onTrial?.(before + each), ...(signal === undefined ? {} : { signal }) });
    done += report.trials;
    anomalies.push(...report.anomalies.map((what) => `${name}: ${what}`));
    for (const [figure, count] of [...Object.entries(report.counts), [name, report.trials] as const]) counts[figure] = (counts[figure] ?? 0) + count;
  }
  return { trials: done, anomalies, counts };
};
