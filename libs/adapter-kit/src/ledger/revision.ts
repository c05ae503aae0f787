import type { SourceClock } from '../adapter-declaration.js';

/** What a source's clock says: greater wins. `sequence` is twice the source's serial; odd: withdrawal of a submission. */
export interface Revision {
  /** UTC milliseconds since 1970-01-01. */
  readonly instant: number;
  readonly sequence: number;
}

/** Serials beyond this do not fit the contract's int once doubled. */
export const MAX_SERIAL = 2 ** 30 - 1;

export const revisionOf = (clock: SourceClock): Revision => ({ instant: clock.instant.getTime(), sequence: clock.serial * 2 });

/** Negative: `left` is older. */
export const compareRevisions = (left: Revision, right: Revision): number =>
  left.instant - right.instant || left.sequence - right.sequence;
