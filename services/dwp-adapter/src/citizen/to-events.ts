import { defaultBody, isoDateToEpochDay } from '@throughline/event-contracts';
import type { FactDraft, FactKey, MappingContext, RecordOutcome } from '@throughline/adapter-kit';
import { benefitOf } from './benefit-types.js';
import { PERSON } from './citizen-record.js';
import type { Award, CitizenRecord, Claim } from './citizen-record.js';

/** Maps what DWP said of one citizen to facts: who they are, and each claim's start, end and awards. */
export function citizenToEvents(citizen: CitizenRecord, context: MappingContext): RecordOutcome {
  const firstClaim = citizen.claims.reduce<string | null>((first, { startDate }) => (first === null || startDate < first ? startDate : first), null);
  return {
    fate: 'facts',
    identity: {
      recordKind: 'citizen',
      family: PERSON,
      occurredOn: firstClaim ?? citizen.dateOfBirth ?? citizen.askedOn,
      nino: citizen.nino,
      surname: citizen.lastName,
      firstName: citizen.firstName,
      dateOfBirth: citizen.dateOfBirth,
      postcodes: citizen.postcode === null ? [] : [citizen.postcode],
    },
    facts: [
      ...(firstClaim === null ? [] : circumstances(citizen, firstClaim, context)),
      ...citizen.claims.flatMap((claim) => claimFacts(claim, context)),
    ],
    withdrawn: citizen.claims.filter((claim) => endOf(claim) === null).map(endKey),
  };
}

/** Dated at the first claim: a date in the data, not that of the question. */
function circumstances(citizen: CitizenRecord, occurredOn: string, context: MappingContext): readonly FactDraft[] {
  const place = citizen.postcode === null ? null : context.locate(citizen.postcode);
  if (citizen.dateOfBirth === null && place === null) return [];
  return [
    {
      type: 'CircumstancesReported',
      naturalKey: ['citizen'],
      family: PERSON,
      occurredOn,
      body: {
        ...defaultBody('CircumstancesReported'),
        birthYear: citizen.dateOfBirth === null ? null : Number(citizen.dateOfBirth.slice(0, 4)),
        birthMonth: citizen.dateOfBirth === null ? null : Number(citizen.dateOfBirth.slice(5, 7)),
        district: place?.district ?? null,
        ward: place?.ward ?? null,
      },
    },
  ];
}

function claimFacts(claim: Claim, context: MappingContext): readonly FactDraft[] {
  const { benefitType, startDate } = claim;
  const said = {
    ...defaultBody('BenefitClaimChanged'),
    benefit: benefitOf(benefitType),
    claim: context.keyed('claim', benefitType, startDate),
    claimStart: isoDateToEpochDay(startDate),
  };
  const fact = (occurredOn: string, key: Pick<FactKey, 'naturalKey' | 'coveredOn'>, body: Partial<typeof said>): FactDraft => ({
    ...key,
    type: 'BenefitClaimChanged',
    family: benefitType,
    occurredOn,
    body: { ...said, ...body },
  });
  const end = endOf(claim);
  const awardKind = benefitType === 'universal_credit' ? 'ASSESSMENT_PERIOD' : 'AWARD_CHANGED';
  return [
    fact(startDate, { naturalKey: ['started', benefitType, startDate] }, { kind: 'STARTED' }),
    ...(end === null ? [] : [fact(end.date, endKey(claim), { kind: 'ENDED', reason: end.reason })]),
    ...awardsByStart(claim.awards).map((award) =>
      fact(award.startDate, { naturalKey: ['award', benefitType, startDate, award.startDate] }, {
        kind: awardKind,
        amountPence: award.amountPence,
        takeHomePayPence: award.takeHomePayPence,
      }),
    ),
  ];
}

/**
 * The end of a claim, whatever its day, which may move: covered with the claim, by its start. A claim that is told without an
 * end has none, so an earlier one is taken back by name.
 */
const endKey = ({ benefitType, startDate }: Claim): FactKey => ({
  type: 'BenefitClaimChanged',
  naturalKey: ['ended', benefitType, startDate],
  family: benefitType,
  coveredOn: startDate,
});

/** Of the award that starts latest (of several with one start the last in the document); null: it does not say both. */
function endOf({ awards }: Claim): { readonly date: string; readonly reason: string } | null {
  const last = awards.reduce<Award | null>((latest, award) => (latest === null || award.startDate >= latest.startDate ? award : latest), null);
  return last === null || last.endDate === null || last.endReason === null ? null : { date: last.endDate, reason: last.endReason };
}

/** Several awards with one start are one statement; the last in the document speaks. */
const awardsByStart = (awards: readonly Award[]): readonly Award[] => [...new Map(awards.map((award) => [award.startDate, award])).values()];
