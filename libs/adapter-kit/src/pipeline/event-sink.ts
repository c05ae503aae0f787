/** One event as it goes to the log. */
export interface SinkRecord {
  readonly topic: string;
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A refused record or submission: where and why, never what it said. */
export interface SinkDeadLetter {
  readonly deployment: string;
  /** Hex. */
  readonly submission: string;
  /** Absent where the submission was refused as a whole. */
  readonly record?: number;
  readonly code: string;
  readonly remedy: string;
}

/** Where events go. Both resolve only once everything given is acknowledged; repeating a call must be harmless. */
export interface EventSink {
  publish(records: readonly SinkRecord[]): Promise<void>;
  deadLetters(letters: readonly SinkDeadLetter[]): Promise<void>;
}
