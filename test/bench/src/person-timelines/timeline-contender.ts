import type { BenchServers } from '../process/bench-servers.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { Variant } from './workload.js';

/** What a contender is run with. */
export interface TimelineRun {
  /** The checkout. */
  readonly root: string;
  readonly servers: BenchServers;
  readonly log: PublishedTimelines;
  /** Another for each run on one broker: for names of groups and topics. */
  readonly id: string;
  /** Where to leave processor profiles of the platform's process; null: none are made. */
  readonly profileDir: string | null;
}

/** A contender at work. */
export interface RunningContender {
  /** Processes whose time on the processor counts, with all they have started; process ids by name. `redis` if it is used. */
  readonly processes: Readonly<Record<string, number>>;
  /** Half of the log has been taken in. */
  readonly half: Promise<unknown>;
  /** All of the log has been taken in, and the figures that follow from it are stored as safely as this contender stores anything. */
  readonly done: Promise<unknown>;
  /** The figures it shows when it is done, by cell: see `expectedCells`. Null: it keeps none. */
  readonly cells: (() => Promise<ReadonlyMap<string, number>>) | null;
  readonly stop: () => Promise<unknown>;
  /** Seconds from its start until it has taken up what it kept before, and reads; of one that is killed and started again. */
  readonly readyAfter?: Promise<number>;
}

/** How many times less of the processor ours is to take than a contender, from its start and for the second half of the log. */
export interface Target {
  readonly cold: number | null;
  readonly secondHalf: number | null;
}

/** One who keeps the figures of a log, from an empty store. */
export interface TimelineContender {
  readonly name: string;
  /**
   * `ours`; `bar`: a form of the stream engine, the best of which ours is held against; `peer`: another way, with a target of its own;
   * `ceiling`: keeps nothing; `condition`: ours under another condition, in a table of its own.
   */
  readonly role: 'ours' | 'bar' | 'peer' | 'ceiling' | 'condition';
  /** The logs it takes part in; where one is named, what is asked of ours beside it. */
  readonly targets: Readonly<Partial<Record<Variant, Target | null>>>;
  /** Runs a log of a twentieth of the size, being too slow for the whole. */
  readonly shortLog: boolean;
  /** It is run once, where medians are taken of the others’ runs: for one that is dear, and that no target hangs on, or not closely. Default false. */
  readonly once?: boolean;
  /** Empties the store and tells it who is who: before the clock starts. */
  readonly prepare?: (run: TimelineRun) => Promise<void>;
  /** Begins the process that the clock is started with. */
  readonly start: (run: TimelineRun) => Promise<RunningContender>;
}
