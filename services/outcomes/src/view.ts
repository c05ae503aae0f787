import { HttpException } from '@nestjs/common';
import type { RuleSet } from '@throughline/outcome-metrics';
import type { Geography } from '@throughline/reference-data';
import type { CutStore, Generations, StopLine } from '@throughline/state-store';
import type { Telemetry } from '@throughline/telemetry';
import type { GenerationKeeper } from './generations/generation-keeper.js';
import type { GenerationRun } from './generations/generation-run.js';
import type { LogEnds } from './generations/log-ends.js';

/** What the controllers answer from. */
export class View {
  constructor(
    readonly keeper: GenerationKeeper,
    readonly generations: Generations,
    readonly cuts: CutStore,
    readonly line: StopLine,
    readonly readLogEnds: () => Promise<LogEnds>,
    readonly rules: RuleSet,
    readonly geography: Geography,
    readonly telemetry: Telemetry,
    readonly now: () => number,
  ) {}

  /** The pointer first, then everything from the generation it names. @throws HttpException 503 with progress while there is none */
  current(): GenerationRun {
    const run = this.keeper.current;
    if (run === null) throw problem(503, 'VIEW_INCOMPLETE', 'Wait until the log has been read once.', { progress: this.keeper.progress });
    return run;
  }
}

/** An error answer in the form of RFC 9457. */
export const problem = (status: number, code: string, remedy: string, more: Readonly<Record<string, unknown>> = {}): HttpException =>
  new HttpException({ type: 'about:blank', status, title: code, code, remedy, ...more }, status);
