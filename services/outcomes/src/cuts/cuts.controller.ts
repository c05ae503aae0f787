import { Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { problem, View } from '../view.js';
import { CutsNotRead } from './cut-log.js';
import { CutFailed, takeCut } from './take-cut.js';

/** Cuts, by operators on this machine. */
@Controller('internal/cuts')
export class CutsController {
  constructor(@Inject(View) private readonly view: View) {}

  /** Freezes the figures at the present ends of the log; answers once the cut is in the log and the feed shows it. */
  @Post()
  @HttpCode(201)
  async take(): Promise<object> {
    const { cuts, line, generations, readLogEnds, now } = this.view;
    const run = await this.view.shown();
    try {
      const content = await takeCut(run, { line, generations, readLogEnds });
      const takenAt = now();
      const { number, digest } = await cuts.add({ takenAt, generation: run.generation, content });
      return { cut: number, taken_at: new Date(takenAt).toISOString(), generation: run.generation, rules_version: content.rulesVersion, position: content.position, cells: content.cells.size, digest };
    } catch (error) {
      if (error instanceof CutFailed) throw problem(error.code === 'CUT_UNDER_WAY' ? 409 : 503, error.code, error.remedy);
      if (error instanceof CutsNotRead) throw problem(503, error.code, error.remedy);
      throw error;
    }
  }
}
