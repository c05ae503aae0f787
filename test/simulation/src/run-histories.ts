import { FAULTS } from './faults.js';
import type { Fault } from './faults.js';
import { runHistory } from './run-history.js';
import type { History } from './run-history.js';

/** Files that a history is tried with, until it goes wrong. */
const FEWER_FILES = [1, 2, 3, 4, 6, 8];

/** What came of many histories. */
export interface Histories {
  readonly failures: readonly History[];
  /** Faults of all of them. */
  readonly faults: number;
}

/**
 * Histories of consecutive seeds, one after the other.
 * @param onHistory called with how many are done
 * @param most ends after so many that went wrong
 */
export async function runHistories(first: number, count: number, onHistory: (done: number) => void = () => undefined, most = Infinity): Promise<Histories> {
  const failures: History[] = [];
  let faults = 0;
  for (let done = 0; done < count && failures.length < most; done += 1) {
    const history = await runHistory(first + done);
    for (const times of history.faults.values()) faults += times;
    if (history.anomalies.length > 0) failures.push(history);
    onHistory(done + 1);
  }
  return { failures, faults };
}

/** A history that went wrong, for whoever has to find out why: how to run it again, and which faults it cannot do without. */
export async function tellOf(failure: History): Promise<string> {
  const without: Fault[] = [];
  let least = failure;
  for (const fault of FAULTS) {
    const tried = await runHistory(failure.seed, { without: [...without, fault] });
    if (tried.anomalies.length === 0) continue;
    without.push(fault);
    least = tried;
  }
  let files = '';
  for (const mostFiles of FEWER_FILES) {
    const tried = await runHistory(failure.seed, { without, mostFiles });
    if (tried.anomalies.length === 0) continue;
    least = tried;
    files = `, with ${mostFiles} of its files`;
    break;
  }
  const needed = FAULTS.filter((fault) => !without.includes(fault));
  return [
    `Seed ${failure.seed} went wrong. Again: npm run simulation -- --seed ${failure.seed}`,
    ...failure.anomalies.map((anomaly) => `  ${anomaly}`),
    `It also does with no other faults than ${needed.length === 0 ? 'none' : needed.join(', ')}${files}, in ${least.steps} steps:`,
    ...least.anomalies.map((anomaly) => `  ${anomaly}`),
  ].join('\n');
}
