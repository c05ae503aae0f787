import { decodeEvent } from '@throughline/event-contracts';
import { contributions, entryFromEvent, factsOf, mergeEntry, LATEST_RULES } from '@throughline/outcome-metrics';
import type { FactEvent, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import { recordsOf, ROUNDS } from './fictional-facts.js';

/** Cells of so many people, each computed alone and straight from the rules. */
export function expectedCells(people: number): Map<string, number> {
  const cells = new Map<string, number>();
  for (let person = 0; person < people; person += 1) {
    const timelines = new Map<string, Timeline>();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { value } of recordsOf(person, round)) {
        const { subject, entry } = entryFromEvent(decodeEvent(value) as unknown as FactEvent);
        const timeline: Timeline = timelines.get(subject) ?? new Map<string, TimelineEntry>();
        timelines.set(subject, timeline);
        mergeEntry(timeline, entry);
      }
    }
    for (const [cell, count] of contributions(factsOf(timelines.values()), LATEST_RULES)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return cells;
}

/** Where two maps differ, in a sentence; null: nowhere. */
export function differenceOf<V>(found: ReadonlyMap<string, V>, expected: ReadonlyMap<string, V>): string | null {
  const wrong = [...expected].filter(([key, value]) => found.get(key) !== value).length;
  const tooMany = [...found.keys()].filter((key) => !expected.has(key)).length;
  return wrong + tooMany === 0 ? null : `${wrong} of ${expected.size} differ or are missing, ${tooMany} are too many`;
}
