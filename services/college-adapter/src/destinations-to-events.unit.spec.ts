import { factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { DestinationCode } from './ilr-codes.js';
import type { DestinationOutcome } from './learner.js';
import { ilrToEvents } from './to-events.js';

const CONTEXT = mappingContext('19900001/2324', {});

const outcome = (code: DestinationCode, startDate: string, collectedOn: string, endDate: string | null = null): DestinationOutcome => ({ code, startDate, endDate, collectedOn });

const mapped = (...outcomes: readonly DestinationOutcome[]) => factsOutcome(ilrToEvents({ uln: '7700001021', outcomes }, CONTEXT));

const inShort = (...outcomes: readonly DestinationOutcome[]): readonly string[] =>
  mapped(...outcomes).facts.map(({ type, occurredOn }) => `${type} ${occurredOn}`);

describe('a destination', () => {
  it('tells who it is about by the ULN alone, as of the first day told', () => {
    expect(mapped(outcome('NPE1', '2024-06-01', '2024-07-01'), outcome('EMP1', '2024-03-25', '2024-07-01')).identity).toEqual({
      recordKind: 'destination',
      occurredOn: '2024-03-25',
      uln: '7700001021',
    });
  });

  it.each<[string, DestinationOutcome, readonly string[]]>([
    [
      'of work that went on is a job proved until the learner was asked',
      outcome('EMP1', '2024-04-15', '2024-09-20'),
      ['CircumstancesReported 2024-04-15', 'JobStarted 2024-04-15', 'JobSustained 2024-09-20'],
    ],
    [
      'of work that had ended is a job proved until then, and its end',
      outcome('EMP1', '2024-04-15', '2024-09-20', '2024-07-31'),
      ['CircumstancesReported 2024-04-15', 'JobStarted 2024-04-15', 'JobSustained 2024-07-31', 'JobEnded 2024-07-31'],
    ],
    [
      'of work that ended on the day of asking has ended',
      outcome('EMP1', '2024-04-15', '2024-09-20', '2024-09-20'),
      ['CircumstancesReported 2024-04-15', 'JobStarted 2024-04-15', 'JobSustained 2024-09-20', 'JobEnded 2024-09-20'],
    ],
    [
      'of work that was to end later is proved until the learner was asked',
      outcome('EMP1', '2024-04-15', '2024-09-20', '2024-12-31'),
      ['CircumstancesReported 2024-04-15', 'JobStarted 2024-04-15', 'JobSustained 2024-09-20'],
    ],
    ['of work that began on the day of asking proves nothing more', outcome('EMP1', '2024-04-15', '2024-04-15'), ['CircumstancesReported 2024-04-15', 'JobStarted 2024-04-15']],
    ['out of work is a status and no job', outcome('NPE2', '2024-04-15', '2024-09-20', '2024-07-31'), ['CircumstancesReported 2024-04-15']],
  ])('%s', (_, told, expected) => {
    expect(inShort(told)).toEqual(expected);
  });

  it('that was still ahead says nothing, and takes nothing from the others', () => {
    const ahead = outcome('EMP1', '2024-11-04', '2024-11-03');
    expect(ilrToEvents({ uln: '7700001021', outcomes: [ahead] }, CONTEXT)).toEqual({ fate: 'skipped', reason: 'nothing-to-say' });
    expect(inShort(outcome('NPE1', '2024-04-15', '2024-11-03'), ahead)).toEqual(['CircumstancesReported 2024-04-15']);
  });

  it.each<[DestinationCode, string, object | null]>([
    ['EMP1', 'EMPLOYED', { work: 'EMPLOYED', hours: { atLeast: 1600, below: null } }],
    ['EMP2', 'EMPLOYED', { work: 'EMPLOYED', hours: { atLeast: 0, below: 1600 } }],
    ['EMP3', 'EMPLOYED', { work: 'SELF_EMPLOYED', hours: null }],
    ['EMP4', 'EMPLOYED', { work: 'SELF_EMPLOYED', hours: { atLeast: 1600, below: null } }],
    ['EMP5', 'EMPLOYED', { work: 'SELF_EMPLOYED', hours: { atLeast: 0, below: 1600 } }],
    ['NPE1', 'UNEMPLOYED', null],
    ['NPE2', 'INACTIVE', null],
  ])('%s is %s', (code, labourMarketStatus, job) => {
    const { facts } = mapped(outcome(code, '2024-04-15', '2024-09-20'));
    expect(facts[0]?.body).toMatchObject({ labourMarketStatus, benefit: null, district: null });
    expect(facts[1]?.body ?? null).toEqual(job === null ? null : (expect.objectContaining({ ...job, employer: null }) as unknown));
  });

  it('keeps its job, evidence and end together, and apart from those of another code or start', () => {
    const [, first, sustained, ended, , second, , , third] = mapped(
      outcome('EMP1', '2024-01-08', '2024-09-20', '2024-03-01'),
      outcome('EMP2', '2024-01-08', '2024-09-20'),
      outcome('EMP1', '2024-05-01', '2024-09-20'),
    ).facts;
    const job = CONTEXT.factId({ type: 'JobStarted', naturalKey: ['destination', 'EMP1', '2024-01-08'] });
    expect([first, second, third].map((fact) => fact?.naturalKey)).toEqual([
      ['destination', 'EMP1', '2024-01-08'],
      ['destination', 'EMP2', '2024-01-08'],
      ['destination', 'EMP1', '2024-05-01'],
    ]);
    expect([sustained, ended].map((fact) => fact?.body)).toMatchObject([{ job, basis: 'LATER_STATUS', hours: { atLeast: 1600, below: null } }, { job, employer: null }]);
  });
});
