import { factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { BarsReferral } from './bars-message.js';
import { barsToEvents } from './to-events.js';

const REFERENCE = 'X9Z01|LSS-004417';
const CONTEXT = mappingContext('bars', { 'ZA1 1AA': { district: 'E08000001', ward: 'E05999002' } });

const patient = { nhsNumber: '9990001006', surname: 'Quillfeather', firstName: 'Odile', birthDate: '1998-11-23', postcode: 'ZA1 1AA' };
const referral = (more: Partial<BarsReferral> = {}): BarsReferral => ({
  status: 'active',
  authoredOn: '2026-01-14',
  fromOrganisation: 'X9Z01',
  toService: '2000099901',
  useCase: 'work-and-health',
  patient,
  ...more,
});

const map = (of: BarsReferral) => factsOutcome(barsToEvents({ reference: REFERENCE, referral: of }, CONTEXT));

describe('a referral message', () => {
  it('states the referral, the circumstances and who the patient is', () => {
    expect(map(referral())).toEqual({
      fate: 'facts',
      identity: {
        recordKind: 'patient',
        occurredOn: '2026-01-14',
        nhsNumber: '9990001006',
        surname: 'Quillfeather',
        firstName: 'Odile',
        dateOfBirth: '1998-11-23',
        postcodes: ['ZA1 1AA'],
      },
      facts: [
        {
          type: 'ReferralMade',
          naturalKey: [REFERENCE],
          occurredOn: '2026-01-14',
          body: { status: 'ACTIVE', fromOrganisation: 'X9Z01', toService: '2000099901', useCase: 'work-and-health' },
        },
        {
          type: 'CircumstancesReported',
          naturalKey: [REFERENCE],
          occurredOn: '2026-01-14',
          body: {
            birthYear: 1998,
            birthMonth: 11,
            district: 'E08000001',
            ward: 'E05999002',
            labourMarketStatus: 'UNKNOWN',
            benefit: null,
            priorityGroups: null,
          },
        },
      ],
    });
  });

  it.each([
    ['revoked', 'REVOKED'],
    ['completed', 'COMPLETED'],
    ['on-hold', 'ON_HOLD'],
    ['draft', 'DRAFT'],
    ['unknown', 'UNKNOWN'],
  ] as const)('that is %s stays stated with that status', (status, stated) => {
    expect(map(referral({ status })).facts[0]).toMatchObject({ type: 'ReferralMade', body: { status: stated } });
  });

  it.each([
    ['1998-11', 1998, 11],
    ['1998', 1998, null],
  ] as const)('states of the birth date %s what it says', (birthDate, birthYear, birthMonth) => {
    expect(map(referral({ patient: { ...patient, birthDate } })).facts[1]).toMatchObject({ body: { birthYear, birthMonth } });
  });

  it('states no circumstances where it knows none', () => {
    const { facts, identity } = map(referral({ patient: { ...patient, birthDate: null, postcode: 'ZZ99 9ZZ' } }));
    expect(facts.map(({ type }) => type)).toEqual(['ReferralMade']);
    expect(identity).toMatchObject({ dateOfBirth: null, postcodes: ['ZZ99 9ZZ'] });
  });

  it('that takes the referral back withdraws all that messages state, by name', () => {
    expect(barsToEvents({ reference: REFERENCE, referral: null }, CONTEXT)).toEqual({
      fate: 'facts',
      identity: null,
      facts: [],
      withdrawn: [
        { type: 'ReferralMade', naturalKey: [REFERENCE] },
        { type: 'CircumstancesReported', naturalKey: [REFERENCE] },
        { type: 'SubjectIdentified', naturalKey: ['patient'] },
      ],
    });
  });

  it('of another kind is skipped', () => {
    expect(barsToEvents('not-in-scope', CONTEXT)).toEqual({ fate: 'skipped', reason: 'not-in-scope' });
  });
});
