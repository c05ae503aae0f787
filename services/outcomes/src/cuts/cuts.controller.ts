import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { problem, View } from '../view.js';
import { writeCut } from './cut.js';
import { CutFailed, takeCut } from './take-cut.js';

/** Cuts, by operators on this machine. */
@Controller('internal/cuts')
export class CutsController {
  constructor(@Inject(View) private readonly view: View) {}

  /** Freezes the figures at the present ends of the log; answers once the feed shows them. */
  @Post()
  @HttpCode(201)
  async take(): Promise<object> {
    const { cuts, line, generations, readLogEnds, rules, telemetry, now } = this.view;
    const run = this.view.current();
    try {
      const content = await takeCut(run, { line, generations, readLogEnds, rulesVersion: rules.version });
      const takenAt = new Date(now()).toISOString();
      const number = await cuts.add(writeCut({ takenAt, generation: run.generation, content }));
      telemetry.lastCut.set({}, now() / 1_000);
      return { cut: number, taken_at: takenAt, generation: run.generation, rules_version: rules.version, position: content.position, cells: Object.keys(content.cells).length };
    } catch (error) {
      if (error instanceof CutFailed) throw problem(error.code === 'CUT_UNDER_WAY' ? 409 : 503, error.code, error.remedy);
      throw error;
    }
  }
}
