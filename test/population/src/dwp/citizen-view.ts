import { plusDays, plusMonths } from '../calendar.js';
import type { Day } from '../calendar.js';
import { withWrongPrefix } from '../identifiers.js';
import { firstNameAt, homeAt, jobAt, surnameAt, termsAt } from '../life.js';
import type { Claim, Life } from '../life.js';
import { respelled } from '../names.js';
import { uuidOf } from '../nhs/bars-message.js';
import { randomOf } from '../random.js';
import type { Random } from '../random.js';
import { shopHeldBy } from '../shop-postcode.js';
import { PayloadFile } from '../submission.js';
import type { PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';

/** Each time everybody with a claim is asked about, for the half year before; the second time for Universal Credit only. */
const PULLS: readonly { readonly asOf: Day; readonly from: Day; readonly benefitTypes: readonly string[] | null }[] = [
  { asOf: '2025-09-01', from: '2025-03-01', benefitTypes: null },
  { asOf: '2026-01-15', from: '2025-07-15', benefitTypes: ['universal_credit'] },
  { asOf: '2026-06-20', from: '2025-12-20', benefitTypes: null },
];

const END_REASONS = ['customer_earnings_above_limit', 'customer_required_to_be_available_for_work', 'customer_request'] as const;
const AMOUNTS = { universal_credit: 40_014, job_seekers_allowance_income_based: 39_140, employment_support_allowance_income_based: 38_960 } as const;
const WEEKS_A_MONTH = 52 / 12;

/** The Citizen API's documents about everybody who claims, in our envelope, a line each. */
export function citizenView(directory: string, seed: string, untidiness: Untidiness): PartnerView<Life> {
  const files = PULLS.map((pull, index) => ({ ...pull, index, payload: new PayloadFile(directory, `dwp/citizens-${pull.asOf}.ndjson`) }));
  return {
    see: (life) => {
      if (life.claims.length === 0) return;
      for (const file of files) {
        const slips = randomOf(seed, 'dwp', life.person);
        const line = `${JSON.stringify(envelope(life, file, slips, seed, untidiness))}\n`;
        file.payload.record(line);
        if (slips.chance(untidiness.repeated)) file.payload.record(line);
      }
    },
    finish: () =>
      files.flatMap(({ asOf, payload }) => {
        if (!payload.closeUnlessEmpty()) return [];
        return { file: payload.file, deployment: 'dwp', feed: 'dwp-citizen', part: null, asOf: null, programme: null, fullExtract: false, mediaType: 'application/x-ndjson', due: asOf } as const;
      }),
  };
}

type Pull = (typeof PULLS)[number] & { readonly index: number };

function envelope(life: Life, pull: Pull, slips: Random, seed: string, untidiness: Untidiness): object {
  const rightFrom = slips.between(1, 2);
  const wrong = pull.index < rightFrom;
  const [respells, noPostcode, badNino, malformed, wrongEnd, phantom] = [
    slips.chance(untidiness.respelled),
    slips.chance(untidiness.missingIdentifier * 3),
    slips.chance(untidiness.wrongCheck),
    slips.chance(untidiness.malformed),
    slips.chance(untidiness.correctedLater),
    slips.chance(untidiness.gone),
  ];
  const surname = surnameAt(life, pull.asOf);
  const lastName = respells ? respelled(surname, slips) : surname;
  const firstName = firstNameAt(life, pull.asOf);
  const guid = uuidOf(`${seed} ${life.person} ${pull.asOf}`);
  const claims = life.claims.flatMap((claim) => claimDocument(life, claim, pull, wrongEnd && wrong ? 9 : 0));
  if (phantom && pull.index === 0) claims.push(...claimDocument(life, { benefitType: 'universal_credit', start: '2025-08-05', end: null }, pull, 0));
  const [first] = claims;
  if (malformed && wrong && first !== undefined) first.attributes = { ...first.attributes, startDate: '2025-13-01' };
  return {
    type: 'throughline.dwp-citizen/1',
    asOf: `${pull.asOf}T00:00:00Z`,
    request: { ...(pull.benefitTypes === null ? {} : { benefitTypes: pull.benefitTypes }), effectiveFromDate: pull.from, effectiveToDate: pull.asOf },
    match: {
      data: {
        type: 'Match',
        attributes: {
          lastName, firstName, dateOfBirth: life.dateOfBirth, ninoFragment: life.nino.slice(4, 8),
          ...(noPostcode ? {} : { postcode: shopHeldBy('dwp', life, seed, untidiness) ?? homeAt(life, pull.asOf).postcode }),
        },
      },
    },
    citizen: {
      data: {
        id: guid,
        type: 'Citizen',
        attributes: {
          guid, nino: badNino && wrong ? withWrongPrefix(life.nino) : life.nino, sex: life.sex === 'F' ? 'female' : 'male',
          name: { title: life.sex === 'F' ? 'Ms' : 'Mr', firstName, lastName }, dateOfBirth: { date: life.dateOfBirth },
        },
      },
    },
    claims: { jsonapi: { version: '1.0' }, data: claims },
  };
}

interface ClaimDocument {
  readonly id: string;
  readonly type: 'Claim';
  attributes: { readonly benefitType: string; readonly startDate: string; readonly status: string; readonly awards: readonly object[] };
}

/** A claim in effect at any time in the dates asked for. */
function claimDocument(life: Life, claim: Claim, pull: Pull, endsLaterBy: number): ClaimDocument[] {
  if (pull.benefitTypes !== null && !pull.benefitTypes.includes(claim.benefitType)) return [];
  const trueEnd = claim.end !== null && claim.end < pull.asOf ? claim.end : null;
  if (claim.start > pull.asOf || (claim.end !== null && claim.end < pull.from)) return [];
  const shown = trueEnd === null ? null : plusDays(trueEnd, endsLaterBy);
  const end = shown !== null && shown < pull.asOf ? shown : trueEnd;
  const reason = END_REASONS[life.person % END_REASONS.length];
  const awards =
    claim.benefitType === 'universal_credit'
      ? assessmentPeriods(life, claim, pull, end, reason)
      : [{ startDate: claim.start, ...(end === null ? {} : { endDate: end, endReason: reason }), status: end === null ? 'live' : 'cacs_decision_hist', amount: AMOUNTS[claim.benefitType] }];
  return [{ id: String(100 + (life.person % 900)), type: 'Claim', attributes: { benefitType: claim.benefitType, startDate: claim.start, status: end === null ? 'in_payment' : 'decision_entitled', awards } }];
}

/** One award a month, counted from the claim's day; the last one of a claim that ended says why. */
function assessmentPeriods(life: Life, claim: Claim, pull: Pull, end: Day | null, reason: string | undefined): object[] {
  const awards: object[] = [];
  const until = end ?? pull.asOf;
  for (let month = 0; ; month += 1) {
    const startDate = plusMonths(claim.start, month);
    if (startDate > until) return awards;
    const next = plusMonths(claim.start, month + 1);
    const last = end !== null && next > end;
    if (startDate < pull.from && !last) continue;
    const job = jobAt(life, startDate);
    const terms = job === undefined ? { weeklyHours: 0, hourlyPence: 0 } : termsAt(job, startDate);
    const takeHomePay = Math.round(terms.weeklyHours * terms.hourlyPence * WEEKS_A_MONTH * 0.85);
    awards.push({
      startDate, endDate: last ? end : plusDays(next, -1), ...(last ? { endReason: reason } : {}), status: 'live',
      amount: Math.max(0, AMOUNTS.universal_credit - Math.round(takeHomePay * 0.55)), assessmentAttributes: { takeHomePay },
    });
  }
}
