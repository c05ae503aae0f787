import { stringify } from 'csv-stringify/sync';
import type { Finding } from '../ledger/ledger-draft.js';
import type { HeldReason, RecordCounts, RefusalReason, SubmissionState } from '../ledger/submission-state.js';

/** What a report says of a submission as a whole. */
export interface ReportHead {
  /** Null for a submission that was only validated: it was not kept. */
  readonly submissionId: string | null;
  readonly feed: string;
  readonly mode: 'validate' | 'commit';
  readonly state: SubmissionState | 'validated';
  readonly counts: RecordCounts | null;
  readonly refusal: RefusalReason | null;
  readonly held: HeldReason | null;
}

/** One line: a record that was refused, or skipped for a reason worth telling. Never a value of the record. */
export interface ReportLine {
  /** From 1, as the records stand in the submission; null: the submission as a whole. */
  readonly record: number | null;
  readonly fate: 'refused' | 'skipped';
  /** Field or path as the format names it. */
  readonly field: string;
  readonly code: string;
  readonly expected: string;
  readonly remedy: string;
}

const COLUMNS = ['record', 'fate', 'field', 'code', 'expected', 'remedy'] as const;

const toLine = ({ ordinal, fate, path, code, expected, remedy }: Finding): ReportLine => ({ record: ordinal, fate, field: path, code, expected, remedy });

function* lines(head: ReportHead, findings: Iterable<Finding>): Generator<ReportLine, void, void> {
  if (head.refusal !== null) {
    const { code, place, expected, remedy } = head.refusal;
    yield { record: null, fate: 'refused', field: place, code, expected, remedy };
  }
  for (const finding of findings) yield toLine(finding);
}

/** A report as JSON, piece by piece: a file of a million faults has a report of a million lines. */
export function* reportJson(head: ReportHead, findings: Iterable<Finding>): Generator<string, void, void> {
  yield `${JSON.stringify(head).slice(0, -1)},"records":[`;
  let separator = '';
  for (const line of lines(head, findings)) {
    yield `${separator}\n${JSON.stringify(line)}`;
    separator = ',';
  }
  yield ']}\n';
}

/** A report as CSV for a spreadsheet: no cell can become a formula. */
export function* reportCsv(head: ReportHead, findings: Iterable<Finding>): Generator<string, void, void> {
  yield stringify([COLUMNS]);
  for (const line of lines(head, findings)) {
    yield stringify([COLUMNS.map((column) => line[column] ?? '')], { escape_formulas: true });
  }
}
