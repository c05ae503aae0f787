import { Controller, Get, Inject, Query } from '@nestjs/common';
import { parseCellKey } from '@throughline/outcome-metrics';
import { PARTICIPANT_BUCKETS } from '@throughline/state-store';
import type { GenerationRun } from '../generations/generation-run.js';
import { partitionsOf } from '../generations/log-ends.js';
import { View } from '../view.js';
import { cellFilters, refuseUnknownValues } from './cell-query.js';
import type { CellFilters } from './cell-query.js';

/** Exact figures, for operators on this machine only: nothing here is fit to be passed on. */
@Controller('internal')
export class CellsController {
  constructor(@Inject(View) private readonly view: View) {}

  /** Every exact cell that fits the filters, with the offsets up to which facts are in the timelines, and what is not yet. */
  @Get('cells')
  async cells(@Query() query: Record<string, unknown>): Promise<object> {
    const filters = cellFilters(query);
    return this.view.readCurrent(async (run) => {
      refuseUnknownValues(filters, run.rules);
      return this.#cells(run, filters);
    });
  }

  async #cells(run: GenerationRun, filters: CellFilters): Promise<object> {
    const ends = await this.view.readLogEnds();
    const facts = partitionsOf(ends.facts);
    // Position before marks before cells: what is behind is never shown as done.
    const position = Object.fromEntries(await Promise.all(facts.map(async ({ location }) => [location, await run.partitions.next(location)] as const)));
    const identifiers = Object.fromEntries(await run.link.nextOffsets());
    const marks = (await run.markIds(facts.map(({ location }) => location))).length;
    const cells = [...(await run.cells())]
      .map(([key, count]) => {
        const { metric, month, district, programme, ageBand, priorityGroup, agreements } = parseCellKey(key);
        return { key, metric, month, district, programme, age_band: ageBand, priority_group: priorityGroup, agreements, count };
      })
      .filter(
        (cell) =>
          (['metric', 'month', 'district', 'programme', 'age_band', 'priority_group'] as const).every((name) => filters[name] === undefined || cell[name] === filters[name]) &&
          (filters.agreement === undefined || cell.agreements.includes(filters.agreement)),
      )
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const behind =
      facts.reduce((sum, { location, offset }) => sum + Math.max(0, offset - (position[location] ?? 0)), 0) +
      partitionsOf(ends.identifiers).reduce((sum, { location, offset }) => sum + Math.max(0, offset - (identifiers[location] ?? 0)), 0);
    return { generation: run.generation, rules_version: run.rules.version, position: { facts: position, identifiers }, behind, marks, cells };
  }

  /** How many participants the current generation has ever counted, those that count for nothing now included. */
  @Get('participants/count')
  async participants(): Promise<object> {
    return this.view.readCurrent(async ({ generation, participants }) => {
      const counts = await Promise.all(Array.from({ length: PARTICIPANT_BUCKETS }, (_, bucket) => participants.count(bucket)));
      return { generation, participants: counts.reduce((sum, count) => sum + count, 0) };
    });
  }
}
