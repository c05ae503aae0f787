import type { RuleSet } from '@throughline/outcome-metrics';
import type { Generations } from '@throughline/state-store';
import { setTimeout as pause } from 'node:timers/promises';
import { copyAtRest } from '../cuts/take-cut.js';
import type { GenerationKeeper } from '../generations/generation-keeper.js';
import type { GenerationRun } from '../generations/generation-run.js';
import { partitionsOf } from '../generations/log-ends.js';
import type { LogEnds } from '../generations/log-ends.js';

export interface RulesComparisonOptions {
  readonly keeper: Pick<GenerationKeeper, 'buildTo' | 'runOf' | 'drop'>;
  readonly generations: Pick<Generations, 'isWhole' | 'isKept' | 'list'>;
  readonly readLogEnds: () => Promise<LogEnds>;
  /** Milliseconds between looks at whether both have come to rest; default 1,000. */
  readonly everyMs?: number;
}

/** Cells of one log position under two versions of the rules. */
export interface ComparedCells {
  readonly position: LogEnds;
  readonly before: { readonly rules: RuleSet; readonly cells: ReadonlyMap<string, number> };
  readonly after: { readonly rules: RuleSet; readonly cells: ReadonlyMap<string, number> };
}

/** Refused: this process is comparing two versions already. */
export class ComparisonUnderWay extends Error {
  override readonly name = 'ComparisonUnderWay';
  readonly code = 'COMPARISON_UNDER_WAY';
  readonly place = 'rules-diff';
  readonly remedy = 'Wait until GET /internal/rules-diff answers with its result.';
  constructor() {
    super('Two versions of the rules are being compared already.');
  }
}

const GONE_REMEDY = 'Redis was away for a minute, or lost what it held: see that it answers, then ask for the comparison again.';

/** Thrown when what a comparison counts in is no longer there, so that it never comes to rest. */
export class ComparedGenerationGone extends Error {
  override readonly name = 'ComparedGenerationGone';
  readonly code = 'COMPARED_GENERATION_GONE';
  readonly place: string;
  readonly remedy = GONE_REMEDY;
  constructor(generation: number) {
    super(`COMPARED_GENERATION_GONE. Generation ${generation} is not there any more. ${GONE_REMEDY}`);
    this.place = `generation ${generation}`;
  }
}

export type ComparisonState =
  | { readonly state: 'none' }
  | { readonly state: 'building'; readonly progress: number }
  | { readonly state: 'failed'; readonly error: Error }
  | { readonly state: 'done'; readonly found: ComparedCells };

/** A log may be long; what is compared disturbs nobody meanwhile. */
const PATIENCE_MS = 24 * 3_600_000;
const EVERY_MS = 1_000;
/** A run stands as soon as the list is looked at, which is done at once. */
const RUN_LOOK_MS = 50;

/**
 * Counts the whole log, to where it ended when asked, under two versions of the rules, each in a generation of its own that is
 * never shown, and drops both. One comparison at a time; what was found last stays until the next.
 */
export class RulesComparison {
  #state: Exclude<ComparisonState, { readonly state: 'building' }> | 'building' = { state: 'none' };
  #runs: readonly GenerationRun[] = [];
  #ends: LogEnds | undefined;

  constructor(private readonly options: RulesComparisonOptions) {}

  /** @throws ComparisonUnderWay */
  begin(before: RuleSet, after: RuleSet): void {
    if (this.#state === 'building') throw new ComparisonUnderWay();
    this.#state = 'building';
    void this.#compare(before, after).then(
      (found) => (this.#state = { state: 'done', found }),
      (error: unknown) => (this.#state = { state: 'failed', error: error instanceof Error ? error : new Error(String(error)) }),
    );
  }

  /** Progress is the share of the log, 0 to 1, that both have read. */
  async state(): Promise<ComparisonState> {
    return this.#state === 'building' ? { state: 'building', progress: await this.#progress() } : this.#state;
  }

  async #compare(before: RuleSet, after: RuleSet): Promise<ComparedCells> {
    const { keeper, generations, readLogEnds, everyMs = EVERY_MS } = this.options;
    const position = await readLogEnds();
    this.#ends = position;
    const begun: number[] = [];
    try {
      for (const rules of [before, after]) begun.push(await keeper.buildTo({ ...position.facts, ...position.identifiers }, rules));
      const runs: GenerationRun[] = [];
      for (const generation of begun) runs.push(await this.#runOf(generation));
      this.#runs = runs;
      // One that is gone, or was begun anew with another run, ends both.
      const stillThere = (): void => {
        for (const [index, generation] of begun.entries()) if (keeper.runOf(generation) !== runs[index]) throw new ComparedGenerationGone(generation);
      };
      const [first, second] = await Promise.all(runs.map(async (run) => copyAtRest(run, position, { generations, patienceMs: PATIENCE_MS, everyMs, stillThere })));
      return { position, before: { rules: before, cells: first!.cells }, after: { rules: after, cells: second!.cells } };
    } finally {
      this.#runs = [];
      for (const generation of begun) await keeper.drop(generation);
    }
  }

  /** A look under way may have missed it. @throws ComparedGenerationGone */
  async #runOf(generation: number): Promise<GenerationRun> {
    for (;;) {
      const run = this.options.keeper.runOf(generation);
      if (run !== undefined) return run;
      if (!(await this.options.generations.isKept(generation))) throw new ComparedGenerationGone(generation);
      await pause(RUN_LOOK_MS);
    }
  }

  async #progress(): Promise<number> {
    const facts = this.#ends === undefined ? [] : partitionsOf(this.#ends.facts);
    const all = facts.reduce((sum, { offset }) => sum + offset, 0) * 2;
    if (all === 0) return 0;
    const read = await Promise.all(this.#runs.flatMap((run) => facts.map(({ location }) => run.partitions.next(location))));
    return read.reduce((sum, next) => sum + next, 0) / all;
  }
}
