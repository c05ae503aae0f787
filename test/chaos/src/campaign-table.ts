import type { AttackReport } from './attack.js';
import type { LedgerEntry } from './campaign.js';
import { textTable } from './text-table.js';

const seconds = (milliseconds: number): string => (milliseconds / 1000).toFixed(1);

/** The ledger of faults, a row each. */
export function campaignTable(ledger: readonly LedgerEntry[]): string {
  return textTable(
    ['fault ', 'killed', 'answers before ', 'attempts meanwhile ', 'unanswered ', 'seconds away '],
    ledger.map(({ targets, receiptsBefore, attempts, unanswered, awayMs }, index) => [index + 1, targets.join(' and '), receiptsBefore, attempts, unanswered, seconds(awayMs)]),
  );
}

/** What came of it, a sentence a line, each anomaly with what is wrong. */
export function summaryLines({ people, faults, seed }: { readonly people: number; readonly faults: number; readonly seed: string }, report: AttackReport): string[] {
  const killed = new Set(report.ledger.flatMap(({ targets }) => targets));
  const asked = report.ledger.flatMap(({ targets }) => targets).length;
  const started = [...report.starts.values()].reduce((sum, starts) => sum + starts, 0);
  // A partner sends some files more than once.
  const files = [...report.states.values()].reduce((sum, count) => sum + count, 0);
  const states = [...report.states].map(([state, count]) => `${count} ${state}`).join(', ');
  return [
    `${people} people, ${report.submissions} submissions of ${files} files (${states}), seed ${seed}.`,
    `${faults} faults, ${asked} kills of ${killed.size} processes; ${started} starts, ${Math.max(0, started - asked)} of them after an end that no fault asked for.`,
    `Everything was dealt with ${seconds(report.recoveryMs)} s after the last fault.`,
    `${report.anomalies.length} anomalies; ${report.cells} cells beside the recount, ${report.differences.length} differ.`,
    ...report.anomalies.slice(0, 50).map(({ promise, what }) => `  ${promise}: ${what}`),
  ];
}
