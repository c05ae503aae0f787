import type { GenerationRun } from './generation-run.js';
import { partitionsOf } from './log-ends.js';
import type { LogEnds } from './log-ends.js';

/** How far a generation is. */
export interface Progress {
  /** Share of the log, 0 to 1, that it has taken in; of what the log held when it was begun, or came into doubt. */
  readonly read: number;
  /** Share, 0 to 1, of the marks there were when that was read which are computed; 1 only once all are. */
  readonly reconciled: number;
}

export const NOTHING_YET: Progress = { read: 0, reconciled: 0 };
export const ALL_DONE: Progress = { read: 1, reconciled: 1 };

/** A generation that has to reach an end of the log before its figures are shown: one that is new, or the current one after a doubt. */
export class Building {
  /** Marks there were when the ends were reached, by id; undefined before. */
  #marksAtEnds: ReadonlySet<string> | undefined;

  constructor(
    readonly why: 'new' | 'doubt',
    readonly ends: LogEnds,
    /** The last sweep when it began. After another one it begins anew: marks came that were not there when the ends were reached. */
    readonly sweep: string,
  ) {}

  /** Complete once both shares are 1: all is read, and nobody who was marked then is still marked. */
  async look(run: Pick<GenerationRun, 'partitions' | 'link' | 'markIds'>): Promise<Progress & { readonly records: number }> {
    const facts = partitionsOf(this.ends.facts);
    const identifiers = partitionsOf(this.ends.identifiers);
    const [nexts, linked] = await Promise.all([Promise.all(facts.map(({ location }) => run.partitions.next(location))), run.link.nextOffsets()]);
    let done = 0;
    let records = 0;
    for (const [i, { offset }] of facts.entries()) {
      records += offset;
      done += Math.min(offset, nexts[i]!);
    }
    for (const { location, offset } of identifiers) {
      records += offset;
      done += Math.min(offset, linked.get(location) ?? 0);
    }
    if (done < records) return { records, read: done / records, reconciled: 0 };
    const marks = await run.markIds(facts.map(({ location }) => location));
    const atEnds = (this.#marksAtEnds ??= new Set(marks));
    const left = marks.filter((id) => atEnds.has(id)).length;
    return { records, read: 1, reconciled: left === 0 ? 1 : 1 - left / atEnds.size };
  }
}
