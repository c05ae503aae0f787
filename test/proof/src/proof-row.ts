import type { Drill } from '@throughline/test-chaos';

/** One promise, how it is tried, and how often it has to be. */
export interface ProofRow {
  /** As in the table of tests that were agreed on. */
  readonly number: number;
  readonly promise: string;
  /** What one trial is, and what is beside what at its end. */
  readonly how: string;
  /** What trials are called, several of them. */
  readonly unit: string;
  /** A function, where there are so many to try and no more: it counts them. */
  readonly target: number | (() => Promise<number>);
  /** Trials of a run that is to take a minute or two. */
  readonly small: number;
  /** Null: nothing tries it yet. */
  readonly run: Drill | null;
}

/** What a row's last run came to. */
export interface RowResult {
  readonly row: number;
  readonly trials: number;
  readonly anomalies: number;
  /** What it was when the row was run. */
  readonly target: number;
  /** As many trials as the target says, and no anomaly. */
  readonly reached: boolean;
  readonly seconds: number;
  /** What else was counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** ISO date, as the caller said. */
  readonly date: string;
  readonly machine: string;
  /** As it was typed. */
  readonly command: string;
}
