/** What an operator is shown of a generation. */
export interface GenerationStatus {
  readonly generation: number;
  readonly reason: string;
  /** ISO instant. */
  readonly startedAt: string;
  readonly current: boolean;
  /** Version of the rules it is counted under; empty before it is settled. */
  readonly rules: string;
  /** Share of the log, 0 to 1, that it has taken in; of what the log held when it was begun, or came into doubt. */
  readonly progress: number;
  /** Share, 0 to 1, of the marks there were when that was read which are computed. */
  readonly reconciled: number;
  /** Why it stands still until somebody acts; empty: it does not. */
  readonly held: readonly string[];
}
