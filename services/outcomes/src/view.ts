import { HttpException } from '@nestjs/common';
import type { Geography } from '@throughline/reference-data';
import type { Generations, StopLine } from '@throughline/state-store';
import type { Telemetry } from '@throughline/telemetry';
import type { CutLog } from './cuts/cut-log.js';
import type { GenerationKeeper } from './generations/generation-keeper.js';
import type { GenerationRun } from './generations/generation-run.js';
import type { LogEnds } from './generations/log-ends.js';
import { RulesComparison } from './rules-diff/rules-comparison.js';

/** What the controllers answer from. */
export class View {
  readonly comparison: RulesComparison;

  constructor(
    readonly keeper: GenerationKeeper,
    readonly generations: Generations,
    readonly cuts: CutLog,
    readonly line: StopLine,
    readonly readLogEnds: () => Promise<LogEnds>,
    readonly geography: Geography,
    readonly telemetry: Telemetry,
    readonly now: () => number,
  ) {
    this.comparison = new RulesComparison({ keeper, generations, readLogEnds });
  }

  /**
   * The generation that is shown: the store's own word, which no process has ahead of the others.
   * @throws HttpException 503 with progress while there is none, or it is in doubt
   */
  async shown(): Promise<GenerationRun> {
    const run = this.keeper.current;
    if (run === null) throw this.#incomplete('Wait until the log has been read once.');
    if (!(await this.#isShown(run))) throw this.#incomplete('Wait until the figures have been made sure of.');
    return run;
  }

  /**
   * What `read` finds in the current generation, by the store's own pointer and word before and after: one that was dropped,
   * emptied with the store, or put back to an older copy while it was read is never shown in part.
   * @throws HttpException 503 where the pointer is not where it was, or the store is in doubt
   */
  async readCurrent<T>(read: (run: GenerationRun) => Promise<T>): Promise<T> {
    const run = await this.shown();
    const found = await read(run);
    if (!(await this.#isShown(run))) throw this.#incomplete('The store has changed meanwhile: ask again.');
    return found;
  }

  async #isShown(run: GenerationRun): Promise<boolean> {
    return (await this.generations.list()).current === run.generation && (await this.generations.isWhole()) && !(await run.storeWentBack());
  }

  #incomplete(remedy: string): HttpException {
    return problem(503, 'VIEW_INCOMPLETE', remedy, { progress: this.keeper.progress });
  }
}

/** An error answer in the form of RFC 9457. */
export const problem = (status: number, code: string, remedy: string, more: Readonly<Record<string, unknown>> = {}): HttpException =>
  new HttpException({ type: 'about:blank', status, title: code, code, remedy, ...more }, status);
