import { monthEnd, plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { ninoOf, ulnOf, withExchangedDigits, withLetterForDigit, withWrongCheckDigit, withWrongPrefix } from '../identifiers.js';
import { firstNameAt, homeAt, jobAt, relativeOf, surnameAt, termsAt } from '../life.js';
import type { Job, Learning, Life } from '../life.js';
import { misspelled, respelled } from '../names.js';
import type { Place } from '../place.js';
import { randomOf } from '../random.js';
import type { Random } from '../random.js';
import { shopHeldBy } from '../shop-postcode.js';
import type { Untidiness } from '../untidiness.js';
import type { IlrSnapshot } from './ilr-snapshots.js';

/** A learner as a college's file has them; elements in the order of the schema are the renderer's affair. */
export interface LearnerView {
  readonly learnRef: string;
  readonly uln: string | null;
  readonly familyName: string;
  readonly givenNames: string;
  readonly dateOfBirth: string;
  readonly sex: string;
  readonly healthProblem: 1 | 2 | 9;
  readonly nino: string | null;
  readonly postcodePrior: string;
  readonly postcode: string;
  readonly statuses: readonly StatusView[];
  readonly deliveries: readonly DeliveryView[];
}

export interface StatusView {
  readonly code: string;
  readonly date: Day;
  readonly empId: string | null;
  readonly monitoring: readonly (readonly [type: string, code: string])[];
}

export interface DeliveryView {
  readonly aim: string;
  readonly start: Day | null;
  readonly plannedEnd: Day;
  readonly end: Day | null;
  readonly completion: 1 | 2 | 3 | 6;
}

/** How long after leaving a college still hears of a learner. */
const FOLLOW_UP_DAYS = 120;
export const TEMPORARY_ULN = '9999999999';
const UNKNOWN_POSTCODE = 'ZZ99 9ZZ';

const hoursCode = (hours: number): string => (hours <= 10 ? '5' : hours <= 20 ? '6' : hours <= 30 ? '7' : '8');
const BENEFITS = { universal_credit: '4', job_seekers_allowance_income_based: '1', employment_support_allowance_income_based: '5' } as const;

/**
 * What one college's snapshot says of a person; null where it does not know them. Slips are drawn once per person and
 * college, with the snapshot from which they are put right, so that successive files tell one consistent story.
 */
export class IlrLearners {
  constructor(
    private readonly seed: string,
    private readonly place: Place,
    private readonly untidiness: Untidiness,
  ) {}

  view(life: Life, ukprn: string, snapshot: IlrSnapshot): LearnerView | null {
    const inYear = life.learning.filter(
      (learning) =>
        learning.ukprn === ukprn &&
        learning.start <= snapshot.prepared &&
        learning.start <= snapshot.yearEnds &&
        (learning.end === null || learning.end >= snapshot.yearBegins),
    );
    const [first] = inYear;
    if (first === undefined) return this.#enrolledByMistake(life, ukprn, snapshot);
    const slips = randomOf(this.seed, 'ilr', ukprn, life.person);
    return this.#slipped(this.#known(life, inYear, snapshot, slips), life, snapshot, slips);
  }

  /** In one snapshot only, and gone from the next. */
  #enrolledByMistake(life: Life, ukprn: string, snapshot: IlrSnapshot): LearnerView | null {
    const slips = randomOf(this.seed, 'ilr mistaken', ukprn, life.person);
    if (life.learning.length > 0 || !slips.chance(this.untidiness.gone / 20) || slips.between(0, 2) !== snapshot.index % 3) return null;
    const learning: Learning = {
      ukprn,
      learnRef: `M${String(life.person).padStart(7, '0')}`,
      aim: '60145678',
      start: plusDays(snapshot.prepared, -40),
      plannedEnd: plusDays(snapshot.prepared, 60),
      end: null,
      completion: 1,
    };
    return learning.start <= snapshot.yearEnds ? this.#known(life, [learning], snapshot, slips) : null;
  }

  #known(life: Life, inYear: readonly Learning[], snapshot: IlrSnapshot, slips: Random): LearnerView {
    const [first] = inYear;
    if (first === undefined) throw new RangeError('a learner has learning');
    const start = inYear.reduce((least, learning) => (learning.start < least ? learning.start : least), first.start);
    return {
      learnRef: first.learnRef,
      uln: life.uln,
      familyName: surnameAt(life, start),
      givenNames: firstNameAt(life, start),
      dateOfBirth: life.dateOfBirth,
      sex: life.sex,
      healthProblem: life.groups.includes('DISABILITY_OR_HEALTH') ? 1 : 2,
      nino: life.nino,
      postcodePrior: homeAt(life, plusDays(start, -1)).postcode,
      postcode: homeAt(life, start).postcode,
      statuses: this.#statuses(life, inYear, start, snapshot, slips),
      deliveries: inYear.map((learning) => {
        const over = learning.end !== null && learning.end <= snapshot.prepared;
        return { ...learning, end: over ? learning.end : null, completion: over ? learning.completion : 1 };
      }),
    };
  }

  /** The status before learning began, every change while the college still hears of the learner, and a look at the end. */
  #statuses(life: Life, inYear: readonly Learning[], start: Day, snapshot: IlrSnapshot, slips: Random): StatusView[] {
    const heardUntil = [
      plusDays(snapshot.prepared, -3),
      snapshot.yearEnds,
      ...(inYear.some((learning) => learning.end === null) ? [] : [plusDays(inYear.reduce((last, each) => (each.end !== null && each.end > last ? each.end : last), start), FOLLOW_UP_DAYS)]),
    ].reduce((least, day) => (day < least ? day : least));
    const days = new Set<Day>([plusDays(start, -1)]);
    for (const job of life.jobs) {
      if (job.start >= start) days.add(job.start);
      if (job.end !== null && plusDays(job.end, 1) >= start) days.add(plusDays(job.end, 1));
    }
    // Colleges ask again at the end of learning and some months on.
    for (const learning of inYear) {
      if (learning.end === null) continue;
      days.add(plusDays(learning.end, 1));
      if (slips.chance(0.7)) days.add(monthEnd(learning.end, 3));
    }
    return [...days].filter((day) => day <= heardUntil || day < start).sort().map((day) => this.#status(life, day));
  }

  #status(life: Life, day: Day): StatusView {
    const job = jobAt(life, day);
    const claim = life.claims.find((each) => each.start <= day && (each.end === null || each.end > day));
    const benefit: readonly (readonly [string, string])[] = claim === undefined ? [] : [['BSI', BENEFITS[claim.benefitType]]];
    if (job !== undefined) return this.#inWork(job, day, benefit);
    const status = life.jobs.some((each) => each.start < day) || life.baseline === 'UNEMPLOYED' ? '11' : '12';
    return { code: status, date: day, empId: null, monitoring: [...(status === '11' ? ([['LOU', '2']] as const) : []), ...benefit] };
  }

  #inWork(job: Job, day: Day, benefit: StatusView['monitoring']): StatusView {
    const employer = this.place.employers[job.employer];
    return {
      code: '10',
      date: day,
      empId: job.selfEmployed || employer === undefined ? null : job.employer % 9 === 0 ? '999999999' : employer.empId,
      monitoring: [['EII', hoursCode(termsAt(job, day).weeklyHours)], ...(job.selfEmployed ? ([['SEI', '1']] as const) : []), ...benefit],
    };
  }

  #slipped(learner: LearnerView, life: Life, snapshot: IlrSnapshot, slips: Random): LearnerView {
    const { untidiness } = this;
    // Drawn in a fixed order, whether used or not: the same slips in every snapshot.
    const rightFrom = slips.between(1, 5);
    const wrong = snapshot.index < rightFrom;
    const has = (share: number): boolean => slips.chance(share);
    const [respells, misspells, noUln, noNino] = [has(untidiness.respelled), has(untidiness.misspelled), has(untidiness.temporaryUln), has(untidiness.missingIdentifier * 6)];
    const [badUln, badNino, otherUln, otherNino] = [has(untidiness.wrongCheck), has(untidiness.wrongCheck), has(untidiness.mistyped), has(untidiness.mistyped)];
    const [noPostcode, lateDate, malformed] = [has(untidiness.missingIdentifier), has(untidiness.correctedLater), has(untidiness.malformed)];
    const [lateBy, fault, spelling] = [slips.between(2, 12), slips.between(0, 5), randomOf(this.seed, 'ilr spelling', life.person)];
    const later = randomOf(this.seed, 'ilr people', life.person);
    const [swapped, letter, relatives] = [later.chance(untidiness.swapped), later.chance(untidiness.letterForDigit), later.chance(untidiness.relatives)];
    const relative = relatives ? relativeOf(life) : null;
    const given = relative === null ? life.nino : ninoOf(relative);
    const familyName = respells ? respelled(learner.familyName, spelling) : learner.familyName;
    const givenNames = misspells ? misspelled(learner.givenNames) : learner.givenNames;
    const nino = noNino ? null : badNino ? withWrongPrefix(given) : otherNino && wrong ? withExchangedDigits(given) : given;
    const slipped: LearnerView = {
      ...learner,
      ...(swapped ? { familyName: givenNames, givenNames: familyName } : { familyName, givenNames }),
      uln: noUln ? TEMPORARY_ULN : badUln ? withWrongCheckDigit(life.uln) : otherUln && wrong ? ulnOf(10_000_000 + life.person) : life.uln,
      nino: nino !== null && letter ? withLetterForDigit(nino) : nino,
      postcodePrior: noPostcode ? UNKNOWN_POSTCODE : learner.postcodePrior,
      postcode: shopHeldBy('college', life, this.seed, untidiness) ?? learner.postcode,
      statuses: lateDate && wrong ? withLateChange(learner.statuses, lateBy, snapshot) : learner.statuses,
    };
    return malformed && wrong ? withFault(slipped, fault) : slipped;
  }
}

/** The last change dated some days late, where that keeps the order. */
function withLateChange(statuses: readonly StatusView[], days: number, snapshot: IlrSnapshot): readonly StatusView[] {
  const last = statuses.at(-1);
  if (last === undefined || statuses.length < 2) return statuses;
  const date = plusDays(last.date, days);
  return date > snapshot.yearEnds ? statuses : [...statuses.slice(0, -1), { ...last, date }];
}

/** One of the faults for which a learner is refused. */
function withFault(learner: LearnerView, fault: number): LearnerView {
  const [status, ...statuses] = learner.statuses;
  const [delivery, ...deliveries] = learner.deliveries;
  if (status === undefined || delivery === undefined) return learner;
  switch (fault) {
    case 0:
      return { ...learner, uln: null };
    case 1:
      return { ...learner, dateOfBirth: '1990-02-30' };
    case 2:
      return { ...learner, statuses: [{ ...status, code: '13' }, ...statuses] };
    case 3:
      return { ...learner, statuses: [status, { ...status }, ...statuses] };
    case 4:
      return { ...learner, statuses: [{ ...status, code: '10', monitoring: [] }, ...statuses] };
    default:
      return { ...learner, deliveries: [{ ...delivery, start: null }, ...deliveries] };
  }
}
