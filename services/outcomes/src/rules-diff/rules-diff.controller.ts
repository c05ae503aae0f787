import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { parseCellKey, ruleSetOf, UnknownRules } from '@throughline/outcome-metrics';
import { problem, View } from '../view.js';
import { cellDifferences, differenceRows } from './cell-differences.js';
import { ComparisonUnderWay } from './rules-comparison.js';

/** Two versions of the rules over the same log, by operators on this machine; exact figures, not fit to be passed on. */
@Controller('internal/rules-diff')
export class RulesDiffController {
  constructor(@Inject(View) private readonly view: View) {}

  /** Begins to count the log as it stands under both; figures that are shown stay as they are. */
  @Post()
  @HttpCode(202)
  begin(@Query('before') before = '', @Query('after') after = ''): object {
    try {
      this.view.comparison.begin(ruleSetOf(before), ruleSetOf(after));
      return { state: 'building', progress: 0 };
    } catch (error) {
      if (error instanceof UnknownRules) throw problem(400, error.code, error.remedy);
      if (error instanceof ComparisonUnderWay) throw problem(409, error.code, error.remedy);
      throw error;
    }
  }

  /** How far it is, then every cell that differs and their sums by metric and authority. */
  @Get()
  async found(): Promise<object> {
    const state = await this.view.comparison.state();
    if (state.state === 'failed') throw problem(503, 'COMPARISON_FAILED', `Ask again. It ended with: ${state.error.message}`);
    if (state.state !== 'done') return state;
    const { position, before, after } = state.found;
    return {
      state: 'done',
      position,
      before: before.rules.version,
      after: after.rules.version,
      cells: new Set([...before.cells.keys(), ...after.cells.keys()]).size,
      rows: differenceRows(before.cells, after.cells, this.view.geography),
      differences: cellDifferences(before.cells, after.cells).map((each) => {
        const { metric, month, district, programme, ageBand, priorityGroup, agreements } = parseCellKey(each.cell);
        return { metric, month, district, programme, age_band: ageBand, priority_group: priorityGroup, agreements: agreements.join(','), before: each.before, after: each.after };
      }),
    };
  }
}
