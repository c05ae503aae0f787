import { isoDateToEpochDay } from '@throughline/event-contracts';
import { factsOfType, factsOutcome, mappingContext } from '@throughline/adapter-kit/testing';
import type { Award, CitizenRecord, Claim } from './citizen-record.js';
import { citizenToEvents } from './to-events.js';

const CONTEXT = mappingContext('JX402917', { 'ZA1 1AA': { district: 'E08000001', ward: 'E05999002' } });

const award = (startDate: string, more: Partial<Award> = {}): Award => ({ startDate, endDate: null, endReason: null, amountPence: null, takeHomePayPence: null, ...more });
const claim = (benefitType: string, startDate: string, ...awards: readonly Award[]): Claim => ({ benefitType, startDate, awards });
const citizen = (more: Partial<CitizenRecord> = {}): CitizenRecord => ({
  nino: 'JX402917',
  firstName: 'Orla',
  lastName: 'Quillfeather',
  dateOfBirth: '1991-04-12',
  postcode: 'ZA1 1AA',
  askedOn: '2026-05-01',
  claims: [claim('universal_credit', '2025-09-03')],
  ...more,
});

const map = (more: Partial<CitizenRecord> = {}) => citizenToEvents(citizen(more), CONTEXT);
const claimFacts = (...claims: readonly Claim[]) => factsOfType(map({ claims }), 'BenefitClaimChanged');

describe('who a citizen is', () => {
  it('is said by number, name, date of birth and the postcode asked with, in a family that no request covers', () => {
    expect(factsOutcome(map()).identity).toEqual({
      recordKind: 'citizen',
      family: 'person',
      occurredOn: '2025-09-03',
      nino: 'JX402917',
      surname: 'Quillfeather',
      firstName: 'Orla',
      dateOfBirth: '1991-04-12',
      postcodes: ['ZA1 1AA'],
    });
  });

  it('is said without a postcode where none was asked with', () => {
    expect(factsOutcome(map({ postcode: null })).identity).toMatchObject({ postcodes: [] });
  });

  it.each<[string, Partial<CitizenRecord>, string]>([
    ['of the earliest claim', { claims: [claim('universal_credit', '2025-09-03'), claim('carers_allowance', '2024-02-05'), claim('state_pension', '2026-01-01')] }, '2024-02-05'],
    ['of birth, without a claim', { claims: [] }, '1991-04-12'],
    ['of the question, without either', { claims: [], dateOfBirth: null }, '2026-05-01'],
  ])('bears the date %s', (_, more, occurredOn) => {
    expect(factsOutcome(map(more)).identity).toMatchObject({ occurredOn });
  });
});

describe('circumstances of a citizen', () => {
  it('hold from the earliest claim, in the family of the person', () => {
    expect(factsOfType(map({ claims: [claim('universal_credit', '2025-09-03'), claim('carers_allowance', '2024-02-05')] }), 'CircumstancesReported')).toEqual([
      {
        type: 'CircumstancesReported',
        naturalKey: ['citizen'],
        family: 'person',
        occurredOn: '2024-02-05',
        body: { birthYear: 1991, birthMonth: 4, district: 'E08000001', ward: 'E05999002', labourMarketStatus: 'UNKNOWN', benefit: null, priorityGroups: null },
      },
    ]);
  });

  it.each<[string, Partial<CitizenRecord>, object]>([
    ['no place, where the postcode is not known', { postcode: 'ZA9 9ZZ' }, { birthYear: 1991, birthMonth: 4, district: null, ward: null }],
    ['no birth, where none is given', { dateOfBirth: null }, { birthYear: null, birthMonth: null, district: 'E08000001' }],
  ])('say %s', (_, more, body) => {
    expect(factsOfType(map(more), 'CircumstancesReported')).toMatchObject([{ body }]);
  });

  it.each<[string, Partial<CitizenRecord>]>([
    ['without a claim', { claims: [] }],
    ['without anything to say', { postcode: null, dateOfBirth: null }],
  ])('are not stated %s', (_, more) => {
    expect(factsOfType(map(more), 'CircumstancesReported')).toEqual([]);
  });
});

describe('a claim', () => {
  const said = (benefitType: string, startDate: string) => ({
    claim: CONTEXT.keyed('claim', benefitType, startDate),
    claimStart: isoDateToEpochDay(startDate),
    amountPence: null,
    takeHomePayPence: null,
    reason: null,
  });

  it('started', () => {
    expect(claimFacts(claim('income_support', '2025-03-01'))).toEqual([
      {
        type: 'BenefitClaimChanged',
        naturalKey: ['started', 'income_support', '2025-03-01'],
        family: 'income_support',
        occurredOn: '2025-03-01',
        body: { benefit: 'INCOME_SUPPORT', kind: 'STARTED', ...said('income_support', '2025-03-01') },
      },
    ]);
  });

  it.each([
    ['universal_credit', 'UNIVERSAL_CREDIT'],
    ['job_seekers_allowance_income_based', 'JOBSEEKERS_ALLOWANCE'],
    ['employment_support_allowance_income_based', 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE'],
    ['income_support', 'INCOME_SUPPORT'],
    ['pensions_credit', 'PENSION_CREDIT'],
    ['carers_allowance', 'CARERS_ALLOWANCE'],
    ['state_pension', 'STATE_PENSION'],
    ['winter_fuel', 'OTHER_STATE_BENEFIT'],
    ['constructor', 'OTHER_STATE_BENEFIT'],
  ])('to %s is to %s', (benefitType, benefit) => {
    expect(claimFacts(claim(benefitType, '2025-03-01'))).toMatchObject([{ family: benefitType, body: { benefit } }]);
  });

  it('of Universal Credit has a period for each award, with pay and amount in pence', () => {
    const facts = claimFacts(claim('universal_credit', '2025-09-03', award('2025-09-03', { takeHomePayPence: 0 }), award('2025-10-03', { amountPence: 40014, takeHomePayPence: 41250 })));
    expect(facts.slice(1)).toEqual([
      {
        type: 'BenefitClaimChanged',
        naturalKey: ['award', 'universal_credit', '2025-09-03', '2025-09-03'],
        family: 'universal_credit',
        occurredOn: '2025-09-03',
        body: { benefit: 'UNIVERSAL_CREDIT', kind: 'ASSESSMENT_PERIOD', ...said('universal_credit', '2025-09-03'), takeHomePayPence: 0 },
      },
      {
        type: 'BenefitClaimChanged',
        naturalKey: ['award', 'universal_credit', '2025-09-03', '2025-10-03'],
        family: 'universal_credit',
        occurredOn: '2025-10-03',
        body: { benefit: 'UNIVERSAL_CREDIT', kind: 'ASSESSMENT_PERIOD', ...said('universal_credit', '2025-09-03'), amountPence: 40014, takeHomePayPence: 41250 },
      },
    ]);
  });

  it('of another benefit has awards that change', () => {
    expect(claimFacts(claim('carers_allowance', '2024-02-05', award('2024-04-08', { amountPence: 8190 })))[1]).toMatchObject({
      naturalKey: ['award', 'carers_allowance', '2024-02-05', '2024-04-08'],
      occurredOn: '2024-04-08',
      body: { kind: 'AWARD_CHANGED', amountPence: 8190 },
    });
  });

  it('given two awards of one start has the last', () => {
    const facts = claimFacts(claim('carers_allowance', '2024-02-05', award('2024-04-08', { amountPence: 1 }), award('2024-05-08', { amountPence: 2 }), award('2024-04-08', { amountPence: 3 })));
    expect(facts.slice(1)).toMatchObject([
      { occurredOn: '2024-04-08', body: { amountPence: 3 } },
      { occurredOn: '2024-05-08', body: { amountPence: 2 } },
    ]);
  });

  it('ended where its latest award says when and why', () => {
    const facts = claimFacts(claim('universal_credit', '2025-09-03', award('2025-10-03', { endDate: '2025-11-02', endReason: 'customer_request' }), award('2025-09-03', { endDate: '2025-10-02' })));
    expect(facts.filter(({ naturalKey }) => naturalKey[0] === 'ended')).toEqual([
      {
        type: 'BenefitClaimChanged',
        naturalKey: ['ended', 'universal_credit', '2025-09-03'],
        family: 'universal_credit',
        coveredOn: '2025-09-03',
        occurredOn: '2025-11-02',
        body: { benefit: 'UNIVERSAL_CREDIT', kind: 'ENDED', ...said('universal_credit', '2025-09-03'), reason: 'customer_request' },
      },
    ]);
  });

  it.each<[string, readonly Award[]]>([
    ['without an award', []],
    ['by an end alone: that is the end of a period', [award('2025-09-03', { endDate: '2025-10-02' })]],
    ['by a reason alone', [award('2025-09-03', { endReason: 'customer_request' })]],
    ['by an award before the latest', [award('2025-09-03', { endDate: '2025-10-02', endReason: 'customer_request' }), award('2025-10-03')]],
    ['by the first of two that start latest', [award('2025-09-03', { endDate: '2025-10-02', endReason: 'customer_request' }), award('2025-09-03')]],
  ])('has not ended %s', (_, awards) => {
    expect(claimFacts(claim('universal_credit', '2025-09-03', ...awards)).map(({ naturalKey }) => naturalKey[0])).not.toContain('ended');
  });
});
