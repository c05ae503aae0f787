/** What a drill is told. */
export interface DrillOptions {
  /** How often the fault strikes. */
  readonly trials: number;
  /** The same seed gives the same faults, as far as they do not hang on the machine's own timing. */
  readonly seed: string;
  /** Told after each trial how many are over. */
  readonly onTrial?: (done: number) => void;
  /** Ends it, with everything it started. */
  readonly signal?: AbortSignal;
}

/** What a drill found. */
export interface DrillReport {
  /** Faults that did strike. */
  readonly trials: number;
  /** Everything that is not as it must be, never a part of it: how many they are is a figure. Whoever prints them shows the first. */
  readonly anomalies: readonly string[];
  /** What else was counted, by name. */
  readonly counts: Readonly<Record<string, number>>;
}

/** A fault, struck so often, and what must hold after it. */
export type Drill = (options: DrillOptions) => Promise<DrillReport>;
