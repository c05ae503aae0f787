import { earliest, plusDays } from '../calendar.js';
import type { Day } from '../calendar.js';
import { withWrongCheckDigit } from '../identifiers.js';
import { jobAt, termsAt } from '../life.js';
import type { Job, Life } from '../life.js';
import { randomOf } from '../random.js';
import type { Random } from '../random.js';
import type { Untidiness } from '../untidiness.js';
import { TEMPORARY_ULN } from './ilr-learner.js';
import type { IlrSnapshot } from './ilr-snapshots.js';

/** What an older year's file says became of a learner who left. */
export interface DestinationsView {
  readonly learnRef: string;
  readonly uln: string | null;
  readonly outcomes: readonly OutcomeView[];
}

export interface OutcomeView {
  readonly type: string;
  readonly code: string;
  readonly start: Day;
  readonly end: Day | null;
  readonly collected: Day;
}

/** How far ahead of a job a learner can tell of it. */
const KNOWN_AHEAD_DAYS = 60;

/**
 * Destinations as one college was told them: asked once some weeks after the course, and of some learners again before the
 * year's last return. Slips are put right in that one.
 */
export class IlrDestinations {
  constructor(
    private readonly seed: string,
    private readonly untidiness: Untidiness,
  ) {}

  /** Null where the college has nothing to say of a person. */
  view(life: Life, ukprn: string, snapshot: IlrSnapshot): DestinationsView | null {
    if (!snapshot.destinations) return null;
    const left = life.learning.findLast((learning) => learning.ukprn === ukprn && learning.end !== null && learning.end < snapshot.yearEnds);
    if (left?.end === undefined || left.end === null) return null;
    const random = randomOf(this.seed, 'ilr destinations', ukprn, life.person);
    const asked = earliest(plusDays(left.end, random.between(20, 150)), '2024-08-30');
    const askedAgain = random.chance(0.5) ? plusDays('2024-09-14', random.between(0, 30)) : asked;
    const last = snapshot.prepared > askedAgain;
    const toldAhead = random.chance(0.7);
    const outcomes = outcomesOf(life, plusDays(left.end, 1), last ? askedAgain : asked, toldAhead);
    return this.#slipped({ learnRef: left.learnRef, uln: life.uln, outcomes }, life, last, random);
  }

  #slipped(view: DestinationsView, life: Life, last: boolean, random: Random): DestinationsView | null {
    const { untidiness } = this;
    const has = (share: number): boolean => random.chance(share);
    const [noUln, badUln] = [has(untidiness.temporaryUln), has(untidiness.wrongCheck)];
    const [lateDate, byMistake, malformed, lateBy, fault] = [has(untidiness.correctedLater), has(untidiness.gone), has(untidiness.malformed), random.between(2, 20), random.between(0, 3)];
    if (byMistake && last) return null;
    const slipped = { ...view, uln: noUln ? TEMPORARY_ULN : badUln ? withWrongCheckDigit(life.uln) : view.uln };
    if (last) return slipped;
    if (malformed) return withFault(slipped, fault);
    return lateDate ? { ...slipped, outcomes: slipped.outcomes.map((outcome) => (outcome.end === null ? { ...outcome, start: plusDays(outcome.start, lateBy) } : outcome)) } : slipped;
  }
}

function outcomesOf(life: Life, leftOn: Day, asked: Day, toldAhead: boolean): readonly OutcomeView[] {
  const job = jobAt(life, asked);
  const further = life.learning.find(({ start }) => start > leftOn && start <= plusDays(asked, KNOWN_AHEAD_DAYS));
  const ahead = life.jobs.find(({ start }) => start > asked && start <= plusDays(asked, KNOWN_AHEAD_DAYS));
  const looking: OutcomeView = { type: 'NPE', code: life.baseline === 'INACTIVE' ? '2' : '1', start: leftOn, end: null, collected: asked };
  return [
    ...(job === undefined ? [looking] : inWork(job, asked)),
    ...(ahead === undefined || !toldAhead ? [] : [{ type: 'EMP', code: codeOf(ahead, ahead.start), start: ahead.start, end: null, collected: asked }]),
    ...(further === undefined ? [] : [{ type: 'EDU', code: '5', start: further.start, end: null, collected: asked }]),
  ];
}

/** A job is one outcome until its hours cross 16; then another begins. */
function inWork(job: Job, asked: Day): readonly OutcomeView[] {
  const changedOn = job.changed !== null && job.changed.from <= asked && codeOf(job, job.changed.from) !== codeOf(job, job.start) ? job.changed.from : null;
  const first: OutcomeView = { type: 'EMP', code: codeOf(job, job.start), start: job.start, end: null, collected: asked };
  if (changedOn === null) return [first];
  return [{ ...first, end: plusDays(changedOn, -1) }, { ...first, code: codeOf(job, changedOn), start: changedOn }];
}

const codeOf = (job: Job, day: Day): string => {
  const full = termsAt(job, day).weeklyHours >= 16;
  return job.selfEmployed ? (full ? '4' : '5') : full ? '1' : '2';
};

/** One of the faults for which the record is refused. */
function withFault(view: DestinationsView, fault: number): DestinationsView {
  const [outcome, ...others] = view.outcomes;
  if (outcome === undefined) return view;
  switch (fault) {
    case 0:
      return { ...view, uln: null };
    case 1:
      return { ...view, outcomes: [{ ...outcome, code: '7' }, ...others] };
    case 2:
      return { ...view, outcomes: [{ ...outcome, collected: '2025-01-31' }, ...others] };
    default:
      return { ...view, outcomes: [outcome, outcome, ...others] };
  }
}
