import type { AttackReport } from './attack.js';
import type { LedgerEntry } from './campaign.js';
import { strikeText } from './fault.js';
import { textTable } from './text-table.js';

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);
const whole = (value: number): string => value.toLocaleString('en-GB');

/** The ledger of faults, a row each. */
export function campaignTable(ledger: readonly LedgerEntry[]): string {
  return textTable(
    ['fault ', 'done', 'answers before ', 'attempts meanwhile ', 'unanswered ', 'seconds away '],
    ledger.map(({ strikes, receiptsBefore, attempts, unanswered, awayMs }, index) => [index + 1, strikes.map(strikeText).join(' and '), receiptsBefore, attempts, unanswered, seconds(awayMs)]),
  );
}

/** What came of it, a sentence a line, each anomaly with what is wrong. */
export function summaryLines({ people, faults, seed }: { readonly people: number; readonly faults: number; readonly seed: string }, report: AttackReport): string[] {
  const strikes = report.ledger.flatMap((entry) => entry.strikes);
  const struck = new Set(strikes.map(({ target }) => target));
  const ended = strikes.filter(({ harm }) => harm !== 'paused').length;
  const started = [...report.starts.values()].reduce((sum, starts) => sum + starts, 0);
  const harms = [...new Set(strikes.map(({ harm }) => harm))].map((harm) => `${strikes.filter((strike) => strike.harm === harm).length} ${harm}`).join(', ');
  // A partner sends some files more than once.
  const files = [...report.states.values()].reduce((sum, count) => sum + count, 0);
  const states = [...report.states].map(([state, count]) => `${count} ${state}`).join(', ');
  const { splits, joins, withdrawals } = report.decisions;
  return [
    `${whole(people)} people, ${whole(report.records)} records in the log, ${report.submissions} submissions of ${files} files (${states}), ${report.copies} again under other names, seed ${seed}.`,
    `Operators decided ${splits} splits and ${joins} joins and took ${withdrawals} back; ${report.standing} held when the cells were beside the recount, and none when they were once more.`,
    `${faults} faults, ${strikes.length} strikes at ${struck.size} processes (${harms}); ${started} starts, ${Math.max(0, started - ended)} of them after an end that no fault asked for.`,
    `Everything was dealt with ${seconds(report.recoveryMs)} s after the last fault, ${seconds(report.tookMs)} s after the first file was sent. Redis was then emptied, and all rebuilt from the log in ${seconds(report.rebuildMs)} s.`,
    `${report.anomalies.length} anomalies; ${report.cells} cells beside the recount, ${report.differences.length} differ.`,
    ...report.anomalies.slice(0, 50).map(({ promise, what }) => `  ${promise}: ${what}`),
  ];
}
