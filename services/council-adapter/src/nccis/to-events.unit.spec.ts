import { isoDateToEpochDay } from '@throughline/event-contracts';
import { factsOfType, factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { ActivityGroup } from './activity-codes.js';
import type { NccisRecord } from './nccis-record.js';
import { nccisToEvents } from './to-events.js';

const NOBODY = { nhsNumber: null, nino: null, uln: null, surname: null, firstName: null, dateOfBirth: null, postcode: null };
const CONTEXT = mappingContext('A1', { 'ZA1 1AA': { district: 'E08000003', ward: 'E05000001' } });
const KEY = { naturalKey: ['activity', '2025-09-01'], family: 'activity', coveredOn: '2025-09-01' };

const row = (activity: ActivityGroup, more: Partial<NccisRecord> = {}): NccisRecord => ({ activity, startedOn: '2025-09-01', verifiedOn: null, client: NOBODY, ...more });
const typesOf = (record: NccisRecord) => factsOutcome(nccisToEvents(record, CONTEXT)).facts.map(({ type }) => type);

describe('an activity', () => {
  it.each<[ActivityGroup, readonly string[]]>([
    ['employment', ['CircumstancesReported', 'JobStarted']],
    ['self-employment', ['CircumstancesReported', 'JobStarted']],
    ['education', ['LearningStatusChanged']],
    ['neet-available', ['CircumstancesReported']],
    ['neet-not-available', ['CircumstancesReported']],
    ['not-told', []],
  ])('of %s tells %j and no more', (activity, types) => {
    expect(typesOf(row(activity))).toEqual(types);
  });

  it.each([
    ['employment', 'EMPLOYED'],
    ['self-employment', 'EMPLOYED'],
    ['neet-available', 'UNEMPLOYED'],
    ['neet-not-available', 'INACTIVE'],
  ] as const)('of %s is the status %s from its start on', (activity, labourMarketStatus) => {
    expect(factsOfType(nccisToEvents(row(activity), CONTEXT), 'CircumstancesReported')).toMatchObject([{ ...KEY, occurredOn: '2025-09-01', body: { labourMarketStatus, birthYear: null, district: null, priorityGroups: null } }]);
  });

  it('in work is a job that began with it, of which neither hours nor employer are known', () => {
    const [job] = factsOfType(nccisToEvents(row('self-employment'), CONTEXT), 'JobStarted');
    expect(job).toEqual({ type: 'JobStarted', ...KEY, occurredOn: '2025-09-01', body: { hours: null, work: 'SELF_EMPLOYED', contract: 'UNKNOWN', employer: null, hourlyPayPence: null } });
  });

  it('in work that the council made sure of was still held then, under a key of that day', () => {
    const [held] = factsOfType(nccisToEvents(row('employment', { verifiedOn: '2025-11-14' }), CONTEXT), 'JobSustained');
    const job = CONTEXT.factId({ type: 'JobStarted', ...KEY });
    expect(held).toMatchObject({ naturalKey: ['activity', '2025-09-01', '2025-11-14'], family: 'proof', coveredOn: '2025-11-14', occurredOn: '2025-11-14', body: { job, basis: 'LATER_STATUS', hours: null } });
  });

  it('made sure of proves nothing where it is no work', () => {
    expect(typesOf(row('neet-available', { verifiedOn: '2025-11-14' }))).toEqual(['CircumstancesReported']);
  });

  it('in education is learning of no named aim', () => {
    const [learning] = factsOfType(nccisToEvents(row('education'), CONTEXT), 'LearningStatusChanged');
    expect(learning).toMatchObject({ ...KEY, occurredOn: '2025-09-01', body: { status: 'STARTED', aim: null, startDate: isoDateToEpochDay('2025-09-01') } });
  });
});

describe('a young person', () => {
  it('is somebody of whom nothing is known', () => {
    expect(factsOutcome(nccisToEvents(row('not-told'), CONTEXT)).identity).toEqual({
      recordKind: 'client',
      family: 'client',
      occurredOn: '2025-09-01',
      ...{ nhsNumber: null, nino: null, uln: null, surname: null, firstName: null, dateOfBirth: null, postcodes: [] },
    });
  });

  it('is who the further columns say, and lives where they say', () => {
    const client = { ...NOBODY, uln: '9700000027', surname: 'Thistlewood', firstName: 'Imogen', dateOfBirth: '2008-02-29', postcode: 'ZA1 1AA' };
    const outcome = nccisToEvents(row('not-told', { client }), CONTEXT);
    const { postcode, ...who } = client;
    expect(factsOutcome(outcome).identity).toMatchObject({ ...who, postcodes: [postcode] });
    expect(factsOfType(outcome, 'CircumstancesReported')).toMatchObject([{ ...KEY, body: { birthYear: 2008, birthMonth: 2, district: 'E08000003', ward: 'E05000001', labourMarketStatus: 'UNKNOWN' } }]);
  });

  it('whose postcode nobody knows lives nowhere', () => {
    expect(typesOf(row('not-told', { client: { ...NOBODY, postcode: 'ZZ99 9ZZ' } }))).toEqual([]);
  });
});
