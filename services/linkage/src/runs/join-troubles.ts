/** Joins that may fail beside a Kafka that is starting itself, before that is worth a warning. */
const FIRST_JOINS = 3;

/**
 * How loudly a consumer's troubles are told. A group's coordinator that is still loading heals by itself within seconds and
 * is part of a healthy start: until partitions are assigned for the first time, the first few are for the log file only.
 */
export class JoinTroubles {
  #left = FIRST_JOINS;

  /** Partitions were assigned: from now on every trouble is one. */
  assigned(): void {
    this.#left = 0;
  }

  /** The level to tell the next trouble at. */
  nextLevel(): 'info' | 'warn' {
    if (this.#left === 0) return 'warn';
    this.#left -= 1;
    return 'info';
  }
}
