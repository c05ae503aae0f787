import { decodeEvent, partitionOf } from '@throughline/event-contracts';
import { contributions, entryFromEvent, factsOf as factsInForce, mergeEntry, parseCellKey, RULES_2026_1 } from '@throughline/outcome-metrics';
import type { FactEvent, Timeline, TimelineEntry } from '@throughline/outcome-metrics';
import { expectedCells } from './expected-cells.js';
import { timelineLog } from './timeline-log.js';
import { deploymentsOf, eventCount, participantId, participantPlaceOf, partnerPlaceOf, subjectCount, subjectId, subjectPlacesOf } from './workload.js';
import type { Workload } from './workload.js';

const every: Workload = { variant: 'every', participants: 200, events: 10, partitions: 12, name: 'every' };
const fifth: Workload = { ...every, variant: 'fifth', name: 'fifth' };

/** What the platform's own rules make of the log, and how many events changed a timeline. */
function byTheRules(workload: Workload): { cells: Map<string, number>; changing: number } {
  const placeOf = new Map(Array.from({ length: subjectCount(workload) }, (_, i) => [subjectId(i).toString('latin1'), i]));
  const timelines = new Map<string, Timeline>();
  let changing = 0;
  for (const { value } of timelineLog(workload)) {
    const { subject, entry } = entryFromEvent(decodeEvent(value) as unknown as FactEvent);
    const timeline: Timeline = timelines.get(subject) ?? new Map<string, TimelineEntry>();
    timelines.set(subject, timeline);
    if (mergeEntry(timeline, entry)) changing += 1;
  }
  const people = new Map<number, Timeline[]>();
  for (const [subject, timeline] of timelines) {
    const participant = participantPlaceOf(placeOf.get(subject)!);
    people.set(participant, [...(people.get(participant) ?? []), timeline]);
  }
  const cells = new Map<string, number>();
  for (const own of people.values()) {
    for (const [key, count] of contributions(factsInForce(own), RULES_2026_1)) {
      const { metric, month } = parseCellKey(key);
      cells.set(`${metric}|${month}`, (cells.get(`${metric}|${month}`) ?? 0) + count);
    }
  }
  return { cells, changing };
}

describe.each([every, fifth])('the log about people under several references in which $variant of its events changes something', (workload) => {
  it('is answered by the platform’s own rules as is expected of every contender', () => {
    const { cells, changing } = byTheRules(workload);
    expect(cells).toEqual(expectedCells(workload));
    expect(changing).toBe(eventCount(workload) / (workload.variant === 'every' ? 1 : 5));
  });

  it('needs all subjects of a person: each counted alone would give more', () => {
    const total = (cells: ReadonlyMap<string, number>): number => [...cells].filter(([cell]) => !cell.startsWith('referrals')).reduce((sum, [, count]) => sum + count, 0);
    const { cells } = byTheRules(workload);
    const facts = new Set<string>();
    for (const { value } of timelineLog(workload)) {
      const { type, value: { meta } } = decodeEvent(value);
      if (type !== 'ReferralMade') facts.add(meta.factId.toString('hex'));
    }
    expect(total(cells)).toBeLessThan(facts.size * 0.85);
  });

  it('takes facts back, corrects them, and says the rest again or late', () => {
    const ids = new Set<string>();
    let withdrawn = 0;
    let records = 0;
    for (const { topic, key, value } of timelineLog(workload)) {
      const { meta } = decodeEvent(value).value;
      records += 1;
      ids.add(key.toString('hex'));
      if (meta.change === 'WITHDRAWN') withdrawn += 1;
      expect(deploymentsOf(workload).map((deployment) => `partner-events.${deployment}`)).toContain(topic);
    }
    expect(records).toBe(eventCount(workload));
    expect(withdrawn).toBeGreaterThan(0);
    // Of five, two are exact repeats of the first.
    expect(ids.size).toBe(workload.variant === 'every' ? records : (records * 3) / 5);
  });
});

describe('people under several references', () => {
  it('are two subjects on average, each with another partner', () => {
    const seen = new Set<number>();
    for (let participant = 0; participant < 200; participant += 1) {
      const subjects = subjectPlacesOf(participant);
      expect(new Set(subjects.map(partnerPlaceOf)).size).toBe(subjects.length);
      expect(subjects.map(participantPlaceOf)).toEqual(subjects.map(() => participant));
      for (const subject of subjects) seen.add(subject);
    }
    expect(seen.size).toBe(subjectCount(every));
  });

  it('have ids of their own, spread over the partitions', () => {
    const subjects = Array.from({ length: 24_000 }, (_, i) => subjectId(i));
    expect(new Set(subjects.map((id) => id.toString('hex'))).size).toBe(subjects.length);
    const counts = new Array<number>(12).fill(0);
    for (const id of subjects) counts[partitionOf(id, 12)]! += 1;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(250);
    expect(new Set(Array.from({ length: 200 }, (_, i) => participantId(i).toString('hex'))).size).toBe(200);
  });
});
