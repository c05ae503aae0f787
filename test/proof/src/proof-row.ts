import type { Drill } from '@throughline/test-chaos';

/** A part of a row's target beside its trials. It has one bound. */
export interface Criterion {
  /** What is measured, and in what: its name among the counts of a run. */
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

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
  /** What has to be so besides. Default nothing. */
  readonly criteria?: readonly Criterion[];
  /** Trials of a run that is to take a minute or two. */
  readonly small: number;
  /** Null: nothing tries it yet. */
  readonly run: Drill | null;
}

/** What a run of a row found out, before anybody judges it. */
export interface RowRun {
  readonly row: number;
  readonly trials: number;
  readonly anomalies: number;
  /** Trials that were wanted when the row was run. */
  readonly target: number;
  readonly seconds: number;
  /** What else was counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** ISO date. */
  readonly date: string;
  /** Short hash of the sources, as `sourcesCommit` says it. Runs of before it was noted have none. */
  readonly commit?: string;
  readonly machine: string;
  /** As it was typed. */
  readonly command: string;
}

/** A criterion beside what a run measured. */
export interface JudgedCriterion {
  readonly figure: string;
  readonly bound: 'at least' | 'at most';
  readonly target: number;
  /** Null: the run did not measure it. */
  readonly measured: number | null;
  readonly reached: boolean;
}

/** What a row's last run came to. */
export interface RowResult extends RowRun {
  /** As many trials as the target says, no anomaly, and every criterion reached. */
  readonly reached: boolean;
  readonly criteria: readonly JudgedCriterion[];
}
