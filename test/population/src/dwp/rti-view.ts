import { monthEnd, plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { withWrongPrefix } from '../identifiers.js';
import { firstNameAt, surnameAt, termsAt } from '../life.js';
import type { Job, Life } from '../life.js';
import { plainName } from '../names.js';
import type { Employer, Place } from '../place.js';
import { randomOf } from '../random.js';
import type { Random } from '../random.js';
import { PayloadFile } from '../submission.js';
import type { PartnerView } from '../submission.js';
import type { Untidiness } from '../untidiness.js';

/** Times HMRC is asked; the dates asked for overlap. */
const PULLS: readonly { readonly asked: Day; readonly from: Day; readonly to: Day }[] = [
  { asked: '2025-10-08', from: '2025-01-01', to: '2025-09-30' },
  { asked: '2026-02-10', from: '2025-07-01', to: '2026-01-31' },
  { asked: '2026-07-03', from: '2026-01-01', to: '2026-06-30' },
];

const FIELDS = ['taxYear', 'employerPayeRef', 'employerName1', 'nationalInsuranceNumber', 'uniqueEmploymentSequenceNumber', 'employmentStartDate', 'employmentEndDate', 'taxablePayInPeriod', 'numberOfNormalHoursWorked', 'payFrequency', 'paymentDate', 'earningsPeriodsCovered', 'paymentAfterLeaving', 'uniquePaymentId', 'paymentConfidenceStatus', 'hmrcReceiptTimestamp', 'rtiReceivedDate', 'paymentNoLongerValid'];

/** HMRC's Real Time Information about everybody who claims or is supported, in our envelope, a line each. */
export function rtiView(directory: string, seed: string, place: Place, untidiness: Untidiness): PartnerView<Life> {
  const files = PULLS.map((pull, index) => ({ ...pull, index, payload: new PayloadFile(directory, `dwp/earnings-${pull.asked}.ndjson`) }));
  return {
    see: (life) => {
      if (life.claims.length === 0 && life.support === null) return;
      for (const file of files) {
        const line = envelope(life, file, seed, place, untidiness);
        if (line !== null) file.payload.record(line);
      }
    },
    finish: () =>
      files.flatMap(({ asked, payload }) => {
        if (!payload.closeUnlessEmpty()) return [];
        return { file: payload.file, deployment: 'dwp', feed: 'hmrc-rti', part: null, asOf: null, programme: null, fullExtract: false, mediaType: 'application/x-ndjson', due: asked } as const;
      }),
  };
}

const taxYearOf = (day: Day): string => {
  const year = Number(day.slice(2, 4)) - (day.slice(5) < '04-06' ? 1 : 0);
  return `${year}-${year + 1}`;
};

const hoursBand = (hours: number): string => (hours < 16 ? 'A' : hours < 24 ? 'B' : hours < 30 ? 'C' : 'D');

/** Days on which a job was paid, the last of them on or after its last day, up to the end of what is asked for. */
function payDays(job: Job, until: Day): Day[] {
  const days: Day[] = [];
  for (let number = 0; ; number += 1) {
    const day = job.paid === 'M1' ? monthEnd(job.start, number) : plusDays(job.start, 28 * (number + 1));
    if (day > until) return days;
    days.push(day);
    if (job.end !== null && day >= job.end) return days;
  }
}

type Pull = (typeof PULLS)[number] & { readonly index: number };

function envelope(life: Life, pull: Pull, seed: string, place: Place, untidiness: Untidiness): string | null {
  const slips = randomOf(seed, 'rti', life.person);
  const rightFrom = slips.between(1, 2);
  const wrong = pull.index < rightFrom;
  const [badNino, malformed, wrongStart] = [slips.chance(untidiness.wrongCheck), slips.chance(untidiness.malformed), slips.chance(untidiness.correctedLater)];
  const taxYears = life.jobs.flatMap((job, number) => {
    const employer = place.employers[job.employer];
    if (job.selfEmployed || employer === undefined) return [];
    const [amended, invalid, late] = [slips.chance(untidiness.correctedLater), slips.chance(untidiness.gone), slips.chance(0.05)];
    const redated = redatedPayment(randomOf(seed, 'rti dates', life.person, number), job, rightFrom, untidiness);
    return itemsOf(life, job, number, employer, pull, { wrongStart, amended, invalid, late, redated, wrong, rightFrom });
  });
  if (taxYears.length === 0) return null;
  const [first] = taxYears;
  if (malformed && wrong && first !== undefined) first['numberOfNormalHoursWorked'] = 'H';
  const nino = badNino && wrong ? withWrongPrefix(life.nino) : life.nino;
  return `${JSON.stringify({
    type: 'throughline.hmrc-rti/1',
    request: {
      nino, serviceName: 'throughline-sample', fromDate: pull.from, toDate: pull.to, surname: plainName(surnameAt(life, pull.asked)),
      firstName: plainName(firstNameAt(life, pull.asked)), gender: life.sex, dateOfBirth: life.dateOfBirth, filterFields: FIELDS,
    },
    response: { matchPattern: 63, taxYears },
  })}\n`;
}

/** A payment first reported under a day that the answer which puts it right did not ask about. */
interface RedatedPayment {
  readonly day: Day;
  readonly firstDay: Day;
  /** Then found to be no payment of this employment at all. */
  readonly struckOut: boolean;
}

/** The first payment of those days that both the last wrong answer and the first right one are about. */
function redatedPayment(random: Random, job: Job, rightFrom: number, untidiness: Untidiness): RedatedPayment | null {
  if (!random.chance(untidiness.redated)) return null;
  const [before, right] = [PULLS[rightFrom - 1], PULLS[rightFrom]];
  const day = right === undefined || before === undefined ? undefined : payDays(job, before.to).find((each) => each >= right.from);
  if (day === undefined || right === undefined) return null;
  return { day, firstDay: plusDays(right.from, -random.between(1, 5)), struckOut: random.chance(0.7) };
}

interface Slips {
  readonly wrongStart: boolean;
  readonly amended: boolean;
  readonly invalid: boolean;
  /** One more payment after the end. */
  readonly late: boolean;
  readonly redated: RedatedPayment | null;
  readonly wrong: boolean;
  readonly rightFrom: number;
}

function itemsOf(life: Life, job: Job, number: number, employer: Employer, pull: Pull, slips: Slips): Record<string, string | number>[] {
  // What is put right comes in a new return from the employer, with a later receipt than any payment of the pull before.
  const corrected = plusDays(PULLS[slips.rightFrom]?.asked ?? pull.asked, -3);
  const days = payDays(job, pull.to);
  const over = job.end !== null && days.some((day) => job.end !== null && day >= job.end);
  const after = over && slips.late ? [plusDays(days.at(-1) ?? job.start, 30)].filter((day) => day <= pull.to) : [];
  return [...days, ...after].flatMap((trueDay, index) => {
    const redated = trueDay === slips.redated?.day;
    const day = redated && slips.wrong ? slips.redated.firstDay : trueDay;
    if (day < pull.from) return [];
    const last = over && index === days.length - 1;
    const amended = slips.amended && index === 1;
    const invalid = (slips.invalid && index === 2) || (redated && slips.redated.struckOut);
    const inNewReturn = !slips.wrong && (slips.wrongStart || amended || invalid || redated) && plusDays(day, 1) < corrected;
    const receipt = inNewReturn ? corrected : plusDays(day, 1);
    const { weeklyHours, hourlyPence } = termsAt(job, trueDay);
    const pay = Math.round(weeklyHours * hourlyPence * (job.paid === 'M1' ? 52 / 12 : 4)) + (amended && slips.wrong ? 5_000 : 0);
    return [
      {
        taxYear: taxYearOf(day),
        employerPayeRef: employer.payeRef,
        employerName1: employer.name.slice(0, 28),
        nationalInsuranceNumber: life.nino,
        uniqueEmploymentSequenceNumber: number + 1,
        employmentStartDate: slips.wrongStart && slips.wrong ? plusDays(job.start, 3) : job.start,
        ...(last && job.end !== null ? { employmentEndDate: job.end } : {}),
        taxablePayInPeriod: pay / 100,
        numberOfNormalHoursWorked: hoursBand(weeklyHours),
        payFrequency: job.paid,
        paymentDate: day,
        earningsPeriodsCovered: 1,
        ...(index >= days.length ? { paymentAfterLeaving: 'Y' } : {}),
        uniquePaymentId: life.person * 1_000 + number * 100 + index + 1,
        paymentConfidenceStatus: '1',
        hmrcReceiptTimestamp: `${receipt}T09:${String(index % 60).padStart(2, '0')}:00Z`,
        rtiReceivedDate: receipt,
        ...(invalid && !slips.wrong ? { paymentNoLongerValid: corrected } : {}),
      },
    ];
  });
}
