import { decodeEvent, ID_LENGTH, partitionOf } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { differenceOf, expectedCells } from './expected-answers.js';
import { factLog, recordsOf, ROUNDS, subjectsOf } from './fictional-facts.js';
import type { FactRecord } from './fictional-facts.js';

const inHex = ({ topic, key, value }: FactRecord): string => `${topic} ${key.toString('hex')} ${value.toString('hex')}`;

describe('the log of the bench', () => {
  it('is the same log every time', () => {
    expect([...factLog(40)].map(inHex)).toEqual([...factLog(40)].map(inHex));
  });

  it('holds what every person’s rounds hold, round after round', () => {
    const rounds = Array.from({ length: ROUNDS }, (_, round) => Array.from({ length: 5 }, (_unused, person) => [...recordsOf(person, round)]).flat());
    expect([...factLog(5)].map(inHex)).toEqual(rounds.flat().map(inHex));
  });

  it('keys each record by its subject and event, and tells only of the subjects it names', () => {
    const named = new Set([0, 1, 2, 3].flatMap(subjectsOf).map(({ subject, deployment }) => `${deployment} ${subject.toString('hex')}`));
    const told = new Set<string>();
    for (const { topic, key, value } of factLog(4)) {
      const { meta } = decodeEvent(value).value;
      expect(key.equals(Buffer.concat([meta.subject, meta.eventId]))).toBe(true);
      expect(partitionOf(key, 12)).toBe(meta.subject.readUInt32BE(0) % 12);
      told.add(`${topic.replace('partner-events.', '')} ${key.toString('hex', 0, ID_LENGTH)}`);
    }
    expect(told).toEqual(named);
  });

  it('repeats some words and corrects some', () => {
    const revisions = new Map<string, Set<string>>();
    const events = new Map<string, number>();
    for (const { value } of factLog(64)) {
      const { meta } = decodeEvent(value).value;
      const fact = meta.factId.toString('hex');
      revisions.set(fact, (revisions.get(fact) ?? new Set()).add(`${meta.revision.instant}/${meta.revision.sequence}`));
      const event = meta.eventId.toString('hex');
      events.set(event, (events.get(event) ?? 0) + 1);
    }
    expect([...events.values()].some((times) => times === 2)).toBe(true);
    expect([...revisions.values()].some((each) => each.size === 2)).toBe(true);
  });

  it('names the least subject of a person first, from which the participant follows', () => {
    const subjects = subjectsOf(8).map(({ subject }) => subject);
    expect(subjects).toHaveLength(4);
    expect([...subjects].sort((a, b) => a.compare(b))[0]).toEqual(subjects[0]);
    expect(participantOf(Buffer.alloc(32, 7), subjects[0]!)).toHaveLength(16);
  });
});

describe('the answers expected of contenders', () => {
  it('count every person’s support, job and thirteen weeks in it once', () => {
    const totals = new Map<string, number>();
    for (const [cell, count] of expectedCells(30)) {
      const metric = cell.split('|')[0]!;
      totals.set(metric, (totals.get(metric) ?? 0) + count);
    }
    expect(totals.get('support_starts')).toBe(30);
    expect(totals.get('job_starts')).toBe(30);
    expect(totals.get('sustained_13_weeks')).toBe(30);
    expect(totals.get('claims_ended_after_job_start')).toBe(15);
  });

  it('tell a wrong, a missing and a surplus answer', () => {
    const expected = new Map([['a', 1], ['b', 2]]);
    expect(differenceOf(new Map(expected), expected)).toBeNull();
    expect(differenceOf(new Map([['a', 1], ['b', 3]]), expected)).toContain('1 of 2 differ');
    expect(differenceOf(new Map([['a', 1]]), expected)).toContain('1 of 2 differ');
    expect(differenceOf(new Map([...expected, ['c', 3]]), expected)).toContain('1 are too many');
  });
});
