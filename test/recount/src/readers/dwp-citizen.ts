import { codeOf } from '../codes.js';
import { given, optionalDate, Refused, requiredDate, requiredInstant, scalar } from '../days.js';
import { identified, ninoToken } from '../identifiers.js';
import type { Places } from '../places.js';
import { fatesOf, SectionBuilder } from '../told.js';
import type { Coverage, Reading, Section, ToldFact, Withdrawal } from '../told.js';
import { birth, circumstances } from './circumstances.js';
import { at, jsonDocuments, list } from './json-lines.js';
import type { Json } from './json-lines.js';

const BENEFITS: Readonly<Record<string, string>> = {
  universal_credit: 'UNIVERSAL_CREDIT',
  job_seekers_allowance_income_based: 'JOBSEEKERS_ALLOWANCE',
  employment_support_allowance_income_based: 'EMPLOYMENT_AND_SUPPORT_ALLOWANCE',
  income_support: 'INCOME_SUPPORT',
  pensions_credit: 'PENSION_CREDIT',
  carers_allowance: 'CARERS_ALLOWANCE',
  state_pension: 'STATE_PENSION',
};

const FIRST_DAY = '1900-01-01';
const LAST_DAY = '2099-12-31';

const nowhere = (): Section => ({ scope: '', clock: { instant: 0, sequence: 0 }, coverage: null, records: [], refused: [null] });

/** Documents in an envelope: each is a section of its own. */
export function readEnvelopes(
  path: string,
  mediaType: string,
  type: string,
  read: (document: Json, seen: Set<string>) => Section | 'skipped',
): Reading {
  const documents = jsonDocuments(path, mediaType);
  if (documents === null) return { refusedWhole: true };
  if (!mediaType.includes('ndjson') && documents.some((document) => at(document, 'type') !== type)) return { refusedWhole: true };
  const seen = new Set<string>();
  const sections: Section[] = [];
  let skipped = 0;
  for (const document of documents) {
    const section = document !== undefined && at(document, 'type') === type ? read(document, seen) : nowhere();
    if (section === 'skipped') skipped += 1;
    else sections.push(section);
  }
  return { refusedWhole: false, sections, fates: fatesOf(sections, skipped) };
}

export function readDwpCitizen(path: string, mediaType: string, places: Places): Reading {
  return readEnvelopes(path, mediaType, 'throughline.dwp-citizen/1', (document, seen) => {
    let instant: number;
    try {
      instant = requiredInstant(at(document, 'asOf'));
    } catch {
      return nowhere();
    }
    const nino = ninoToken(given(at(document, 'citizen', 'data', 'attributes', 'nino')) ?? '');
    if (nino === null) return nowhere();
    const claims = list(at(document, 'claims', 'data')).filter((claim) => at(claim, 'type') === 'Claim');
    const named = claims.map((claim) => given(at(claim, 'attributes', 'benefitType')) ?? '');
    const refusing = new SectionBuilder(nino, { instant, sequence: 0 }, null);
    try {
      if (seen.has(`${nino} ${instant}`)) throw new Refused();
      seen.add(`${nino} ${instant}`);
      const coverage = coverageOf(document, named);
      const section = new SectionBuilder(nino, { instant, sequence: 0 }, coverage);
      const facts = citizenFacts(document, claims, given(at(document, 'asOf'))?.slice(0, 10) ?? '', nino, places);
      section.told(nino, facts, endsNotTold(facts));
      return section.build();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusing.refuse(nino);
      return refusing.build();
    }
  });
}

function coverageOf(document: Json, named: readonly string[]): Coverage {
  const [from, to] = [optionalDate(at(document, 'request', 'effectiveFromDate')), optionalDate(at(document, 'request', 'effectiveToDate'))];
  const asked = at(document, 'request', 'benefitTypes');
  const types = asked === undefined || asked === null || asked === '' ? [...Object.keys(BENEFITS), ...named] : list(asked).map((type) => given(type) ?? '');
  return {
    families: [...new Set(types)].filter((family) => family !== 'person'),
    within: from === null && to === null ? null : { from: from ?? FIRST_DAY, to: to ?? LAST_DAY },
  };
}

function citizenFacts(document: Json, claims: readonly Json[], asOf: string, nino: string, places: Places): ToldFact[] {
  const citizen = at(document, 'citizen', 'data', 'attributes');
  const dateOfBirth = optionalDate(at(citizen, 'dateOfBirth', 'date'));
  if (!Array.isArray(at(document, 'claims', 'data'))) throw new Refused();
  const seen = new Set<string>();
  const facts = claims.flatMap((claim) => claimFacts(at(claim, 'attributes'), seen));
  const starts = facts.flatMap((fact) => (fact.body.type === 'BenefitClaimChanged' && fact.body.kind === 'STARTED' ? [fact.occurredOn] : []));
  const [earliest] = starts.sort();
  const postcode = given(at(document, 'match', 'data', 'attributes', 'postcode'));
  return [
    {
      key: ['citizen'],
      family: 'person',
      occurredOn: earliest ?? dateOfBirth ?? asOf,
      body: identified({ nino, surname: given(at(citizen, 'name', 'lastName')), firstName: given(at(citizen, 'name', 'firstName')), dateOfBirth, postcodes: [postcode] }),
    },
    ...(earliest === undefined
      ? []
      : circumstances(['citizen'], earliest, { ...birth(dateOfBirth), district: places.districtOf(postcode) }).map((fact) => ({ ...fact, family: 'person' }))),
    ...facts,
  ];
}

/** The end of each claim that is told without one. */
function endsNotTold(facts: readonly ToldFact[]): Withdrawal[] {
  const keysOf = (kind: string): readonly (readonly string[])[] =>
    facts.flatMap(({ key, body }) => (body.type === 'BenefitClaimChanged' && body.kind === kind ? [key.slice(1)] : []));
  const ended = new Set(keysOf('ENDED').map((key) => JSON.stringify(key)));
  return keysOf('STARTED')
    .filter((key) => !ended.has(JSON.stringify(key)))
    .map((key) => ({ type: 'BenefitClaimChanged', key: ['ended', ...key] }));
}

function claimFacts(claim: Json | undefined, seen: Set<string>): ToldFact[] {
  const benefitType = codeOf('family', given(at(claim, 'benefitType')));
  if (benefitType === null) throw new Refused();
  const start = requiredDate(at(claim, 'startDate'));
  if (seen.has(`${benefitType} ${start}`)) throw new Refused();
  seen.add(`${benefitType} ${start}`);
  const about = { type: 'BenefitClaimChanged', benefit: BENEFITS[benefitType] ?? 'OTHER_STATE_BENEFIT', claimStart: start } as const;
  const fact = (kind: string, occurredOn: string, ...key: readonly string[]): ToldFact => ({ key, family: benefitType, occurredOn, body: { ...about, kind } });
  const awards = list(at(claim, 'awards')).map((award) => {
    const whole = (value: Json | undefined): void => {
      if (scalar(value) !== null && !(Number.isInteger(value) && Math.abs(Number(value)) <= 1e12)) throw new Refused();
    };
    const read = { start: requiredDate(at(award, 'startDate')), end: optionalDate(at(award, 'endDate')), reason: codeOf('reason', scalar(at(award, 'endReason'))) };
    whole(at(award, 'amount'));
    whole(at(award, 'assessmentAttributes', 'takeHomePay'));
    return read;
  });
  const latest = awards.reduce<(typeof awards)[number] | undefined>((last, award) => (last === undefined || award.start >= last.start ? award : last), undefined);
  const kind = benefitType === 'universal_credit' ? 'ASSESSMENT_PERIOD' : 'AWARD_CHANGED';
  const periods = [...new Map(awards.map((award) => [award.start, award])).values()];
  return [
    fact('STARTED', start, 'started', benefitType, start),
    ...(latest !== undefined && latest.end !== null && latest.reason !== null ? [{ ...fact('ENDED', latest.end, 'ended', benefitType, start), coveredOn: start }] : []),
    ...periods.map((award) => fact(kind, award.start, 'award', benefitType, start, award.start)),
  ];
}
