import { factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { RtofRecord } from './rtof-record.js';
import { rtofToEvents } from './to-events.js';

const SILENT = { birthYear: null, birthMonth: null, district: null, ward: null, labourMarketStatus: 'UNKNOWN', benefit: null, priorityGroups: null };
const TERMS = { contract: 'TEMPORARY', hours: { atLeast: 1600, below: 3100 }, hourlyPayPence: 1300 } as const;

const person = (more: object = {}): RtofRecord => ({ part: 'person', firstName: 'Orla', lastName: 'Quillfeather', birthYear: 1991, district: 'E08000004', startedService: '2025-09', ...more });
const baseline = (more: object = {}): RtofRecord => ({ part: 'baseline', nino: 'JX402917B', statusGranted: '2025-06', labourMarketStatus: 'UNEMPLOYED', homeless: false, ...more });

const map = (record: RtofRecord) => factsOutcome(rtofToEvents(record, mappingContext(record.part)));

describe('a person', () => {
  it('starts support in a month, in a place, under the submission’s programme, without a provider', () => {
    expect(map(person())).toEqual({
      fate: 'facts',
      identity: { recordKind: 'person', occurredOn: '2025-09', surname: 'Quillfeather', firstName: 'Orla' },
      facts: [
        { type: 'SupportStarted', naturalKey: ['support'], occurredOn: '2025-09', body: { provider: null } },
        { type: 'CircumstancesReported', naturalKey: ['person'], occurredOn: '2025-09', body: { ...SILENT, birthYear: 1991, district: 'E08000004' } },
      ],
    });
  });

  it.each([
    [{ birthYear: null }, [{ ...SILENT, district: 'E08000004' }]],
    [{ district: null }, [{ ...SILENT, birthYear: 1991 }]],
    [{ birthYear: null, district: null }, []],
  ])('with %j says what is left of its circumstances', (more, bodies) => {
    expect(
      map(person(more))
        .facts.filter(({ type }) => type === 'CircumstancesReported')
        .map(({ body }) => body),
    ).toEqual(bodies);
  });
});

describe('a baseline', () => {
  it('says who the person is and how things stood when status was granted', () => {
    expect(map(baseline())).toEqual({
      fate: 'facts',
      identity: { recordKind: 'baseline', occurredOn: '2025-06', nino: 'JX402917B' },
      facts: [
        {
          type: 'CircumstancesReported',
          naturalKey: ['baseline'],
          occurredOn: '2025-06',
          body: { ...SILENT, labourMarketStatus: 'UNEMPLOYED', priorityGroups: ['REFUGEE'] },
        },
      ],
    });
  });

  it('of somebody without a home is of two groups', () => {
    expect(map(baseline({ homeless: true })).facts).toMatchObject([{ body: { priorityGroups: ['REFUGEE', 'HOMELESS'] } }]);
  });
});

describe('a job', () => {
  it.each(['EMPLOYED', 'SELF_EMPLOYED'] as const)('starts, %s', (work) => {
    expect(map({ part: 'employment_entry', date: '2025-10-06', work, terms: TERMS })).toEqual({
      fate: 'facts',
      identity: null,
      facts: [{ type: 'JobStarted', naturalKey: ['entry'], occurredOn: '2025-10-06', body: { work, employer: null, ...TERMS } }],
    });
  });

  it('is sustained: the one that the file of entries states of the same person, heard of or not', () => {
    const started = mappingContext('employment_entry').factId({ type: 'JobStarted', naturalKey: ['entry'] });
    expect(map({ part: 'employment_sustain', date: '2026-01-12', terms: TERMS })).toEqual({
      fate: 'facts',
      identity: null,
      facts: [{ type: 'JobSustained', naturalKey: ['sustain'], occurredOn: '2026-01-12', body: { job: started, basis: 'SUSTAIN_RECORD', ...TERMS } }],
    });
  });
});
