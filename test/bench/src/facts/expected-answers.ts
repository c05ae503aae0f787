import { decodeEvent } from '@throughline/event-contracts';
import { contributions, entryFromEvent, factsOf, mergeEntry, RULES_2026_1 } from '@throughline/outcome-metrics';
import type { FactEvent, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import { recordsOf, ROUNDS } from './fictional-facts.js';
import type { FactRecord } from './fictional-facts.js';

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
    for (const [cell, count] of contributions(factsOf(timelines.values()), RULES_2026_1)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return cells;
}

/** The word in force of every fact in a prefix of the log: subject → fact → `instant/sequence/content hash`, all hex or digits. */
export function expectedWords(records: Iterable<FactRecord>): Map<string, Map<string, string>> {
  const subjects = new Map<string, Map<string, { instant: number; sequence: number; hash: string }>>();
  for (const { value } of records) {
    const { meta } = decodeEvent(value).value;
    const subject = meta.subject.toString('hex');
    const facts = subjects.get(subject) ?? new Map<string, { instant: number; sequence: number; hash: string }>();
    subjects.set(subject, facts);
    const fact = meta.factId.toString('hex');
    const word = { ...meta.revision, hash: meta.contentHash.toString('hex') };
    const known = facts.get(fact);
    if (known === undefined || word.instant > known.instant || (word.instant === known.instant && (word.sequence > known.sequence || (word.sequence === known.sequence && word.hash > known.hash)))) {
      facts.set(fact, word);
    }
  }
  return new Map([...subjects].map(([subject, facts]) => [subject, new Map([...facts].map(([fact, { instant, sequence, hash }]) => [fact, `${instant}/${sequence}/${hash}`]))]));
}

/** Where two maps differ, in a sentence; null: nowhere. */
export function differenceOf<V>(found: ReadonlyMap<string, V>, expected: ReadonlyMap<string, V>): string | null {
  const wrong = [...expected].filter(([key, value]) => found.get(key) !== value).length;
  const tooMany = [...found.keys()].filter((key) => !expected.has(key)).length;
  return wrong + tooMany === 0 ? null : `${wrong} of ${expected.size} differ or are missing, ${tooMany} are too many`;
}
