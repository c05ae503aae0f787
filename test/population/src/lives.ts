import { daysBetween, earliest, plusDays } from './calendar.js';
import type { Day } from './calendar.js';
import { ninoOf, nhsNumberOf, ulnOf } from './identifiers.js';
import { FAMILY_SIZE } from './life.js';
import type { Claim, Job, Learning, Life, Programme, Referral, Status, Support } from './life.js';
import { firstName, surname, TWINS_ALIKE } from './names.js';
import type { Sex } from './names.js';
import { collegeOf, practiceOf } from './place.js';
import type { Home, Place } from './place.js';
import { randomOf } from './random.js';
import type { Random } from './random.js';

/** Every story is told from this day… */
export const STORY_BEGINS: Day = '2024-09-01';
/** …to this one. Nothing later is known to anybody. */
export const STORY_ENDS: Day = '2026-06-30';

const ALWAYS: Day = '1900-01-01';
const AIMS = ['60145678', '60321456', '50098765', '60287654', 'Z0001234', '60412309', '50123987', '60011223'] as const;
const TWIN_SHARE = 0.012;
const TWINS_ALIKE_SHARE = 0.5;
/** Of neighbours in fours. */
const FAMILY_SHARE = 0.02;
const DEED_SHARE = 0.004;

const within = (random: Random, from: Day, to: Day): Day => plusDays(from, random.between(0, Math.max(0, daysBetween(from, to))));
const known = (day: Day): Day | null => (day <= STORY_ENDS ? day : null);

interface Origin {
  readonly surname: string;
  readonly dateOfBirth: Day;
  readonly home: Home;
}

/** Lives by number: the same seed and number give the same life, in whatever order they are asked for. */
export class Lives {
  readonly #seed: string;
  readonly #place: Place;

  constructor(seed: string, place: Place) {
    this.#seed = seed;
    this.#place = place;
  }

  /** @param person number from 0. */
  life(person: number): Life {
    const random = randomOf(this.#seed, 'life', person);
    const twin = this.#twinOf(person);
    // Twins draw where they come from under the elder's number, and all the rest apart.
    const origin = this.#origin(person, twin);
    const family = this.#familyOf(person);
    const sex: Sex = random.chance(0.5) ? 'F' : 'M';
    const refugee = this.#place.councils.has(origin.home.district) && random.chance(0.12);
    const age = Number(STORY_BEGINS.slice(0, 4)) - Number(origin.dateOfBirth.slice(0, 4));
    const baseline: Status = random.weighted([['UNEMPLOYED', refugee ? 70 : 52], ['INACTIVE', 31], ['EMPLOYED', refugee ? 2 : 17]]);
    const asylumGranted = refugee ? within(random, '2024-01-01', '2025-03-01') : null;

    const learning = this.#learning(random, person, origin.home.district);
    const referral = refugee ? null : referralOf(random, person, origin.home.district, age);
    const support = supportOf(random, referral, asylumGranted);
    const turn = earliest(referral?.date ?? null, support?.date ?? null, learning[0]?.start ?? null, within(random, '2025-01-01', '2026-03-01'));
    const jobs = this.#jobs(random, baseline, turn).map((job, number) => ({ ...job, changed: this.#changedTerms(job, person, number) }));
    return {
      person,
      nhsNumber: nhsNumberOf(person),
      uln: ulnOf(person),
      nino: ninoOf(person),
      sex,
      ...this.#names(random, person, origin.surname, sex, twin),
      dateOfBirth: origin.dateOfBirth,
      homes: this.#homes(random, origin.home),
      groups: groupsOf(random, refugee, baseline),
      baseline,
      baselineSince: within(random, '2022-01-01', '2024-06-30'),
      asylumGranted,
      referral,
      support,
      learning: [...this.#learnedBefore(person, origin.home.district), ...learning],
      jobs,
      claims: claimsOf(random, baseline, jobs),
      twin,
      family,
      shopPostcode: family === null ? null : randomOf(this.#seed, 'shop', family).pick(this.#place.homes).postcode,
    };
  }

  #twinOf(person: number): number | null {
    const elder = person - (person % 2);
    return randomOf(this.#seed, 'twins', elder).chance(TWIN_SHARE) ? (person === elder ? elder + 1 : elder) : null;
  }

  #familyOf(person: number): number | null {
    const family = Math.floor(person / FAMILY_SIZE);
    return randomOf(this.#seed, 'family', family).chance(FAMILY_SHARE) ? family : null;
  }

  #names(random: Random, person: number, first: string, sex: Sex, twin: number | null): Pick<Life, 'firstNames' | 'surnames'> {
    const alike = twin !== null && randomOf(this.#seed, 'twins alike', Math.min(person, twin)).chance(TWINS_ALIKE_SHARE);
    const given = alike ? TWINS_ALIKE[sex][twin > person ? 0 : 1] : firstName(randomOf(this.#seed, 'first name', person), sex);
    const married = surnamesOf(random, first, sex);
    const deed = randomOf(this.#seed, 'deed', person);
    if (!deed.chance(DEED_SHARE)) return { firstNames: [{ from: ALWAYS, firstName: given }], surnames: married };
    const from = within(deed, STORY_BEGINS, STORY_ENDS);
    return {
      firstNames: [{ from: ALWAYS, firstName: given }, { from, firstName: firstName(deed, deed.pick(['F', 'M'])) }],
      surnames: [...married.filter((each) => each.from < from), { from, surname: surname(deed) }],
    };
  }

  #origin(person: number, twin: number | null): Origin {
    const own = this.#ownOrigin(twin === null ? person : Math.min(person, twin));
    const family = this.#familyOf(person);
    if (family === null) return own;
    const { surname: shared, home } = this.#ownOrigin(family * FAMILY_SIZE);
    return { ...own, surname: shared, home };
  }

  #ownOrigin(person: number): Origin {
    const random = randomOf(this.#seed, 'origin', person);
    const young = random.chance(0.3);
    return {
      surname: surname(random),
      dateOfBirth: young ? within(random, '2001-01-01', '2008-08-31') : within(random, '1962-01-01', '2000-12-31'),
      home: random.pick(this.#place.homes),
    };
  }

  #homes(random: Random, first: Home): Life['homes'] {
    const homes = [{ from: ALWAYS, home: first }];
    if (random.chance(0.1)) homes.push({ from: within(random, '2024-11-01', STORY_ENDS), home: random.pick(this.#place.homes) });
    return homes;
  }

  #learning(random: Random, person: number, district: string): Learning[] {
    if (!random.chance(0.36)) return [];
    const { ukprn } = collegeOf(this.#place, district, random.chance(0.2));
    const learnRef = learnRefOf(person);
    const course = (aim: string, start: Day): Learning => {
      const plannedEnd = plusDays(start, random.between(42, 290));
      const completion = random.weighted([[2 as const, 70], [3 as const, 18], [6 as const, 5]]);
      const end = completion === 2 ? plusDays(plannedEnd, random.between(-10, 10)) : plusDays(start, random.between(14, 120));
      return { ukprn, learnRef, aim, start, plannedEnd, end: known(end), completion: known(end) === null ? 1 : completion };
    };
    const [aim, next] = [random.between(0, AIMS.length - 1), random.between(1, AIMS.length - 1)];
    const first = course(AIMS[aim] ?? AIMS[0], within(random, '2024-09-01', '2026-04-30'));
    const second = random.chance(0.25) ? course(AIMS[(aim + next) % AIMS.length] ?? AIMS[0], plusDays(first.start, random.between(0, 150))) : null;
    return second === null || second.start > STORY_ENDS ? [first] : [first, second];
  }

  /** A course that was over before the story begins. Drawn apart, so that a life is the same in all else with and without. */
  #learnedBefore(person: number, district: string): Learning[] {
    const random = randomOf(this.#seed, 'learned before', person);
    if (!random.chance(0.25)) return [];
    const { ukprn } = collegeOf(this.#place, district, random.chance(0.2));
    const start = within(random, '2022-09-05', '2024-02-26');
    const plannedEnd = plusDays(start, random.between(42, 140));
    const completion = random.weighted([[2 as const, 80], [3 as const, 20]]);
    const end = completion === 2 ? plannedEnd : plusDays(start, random.between(14, 40));
    return [{ ukprn, learnRef: learnRefOf(person), aim: random.pick(AIMS), start, plannedEnd, end, completion }];
  }

  #jobs(random: Random, baseline: Status, turn: Day): Omit<Job, 'changed'>[] {
    const jobs: Omit<Job, 'changed'>[] = [];
    let from = plusDays(turn, random.between(10, 200));
    if (baseline === 'EMPLOYED') {
      jobs.push(this.#job(random, within(random, '2019-01-01', '2024-03-01'), random.chance(0.6) ? null : within(random, '2024-11-01', STORY_ENDS)));
      const { end } = jobs[0] ?? { end: null };
      if (end === null) return jobs;
      from = plusDays(end, random.between(7, 120));
    } else if (!random.chance(0.58)) return jobs;
    while (from <= STORY_ENDS && jobs.length < 4) {
      const job = this.#job(random, from, known(plusDays(from, random.weighted([[random.between(5, 80), 30], [random.between(90, 200), 30], [2_000, 40]]))));
      jobs.push(job);
      if (job.end === null || random.chance(0.6)) break;
      from = plusDays(job.end, random.between(5, 100));
    }
    return jobs;
  }

  #job(random: Random, start: Day, end: Day | null): Omit<Job, 'changed'> {
    const job = {
      employer: random.between(0, this.#place.employers.length - 1),
      start,
      end,
      weeklyHours: random.weighted([[random.between(4, 15), 25], [random.between(16, 29), 35], [random.between(30, 40), 40]]),
      hourlyPence: random.between(1_221, 1_950),
      selfEmployed: random.chance(0.08),
      paid: random.chance(0.3) ? 'W4' : 'M1',
    } as const;
    return { ...job, contract: contractOf(job.selfEmployed, job.weeklyHours) };
  }

  /** Drawn apart, so that a life is the same in all else whether or not its terms change. */
  #changedTerms({ start, end, weeklyHours, hourlyPence }: Omit<Job, 'changed'>, person: number, number: number): Job['changed'] {
    const random = randomOf(this.#seed, 'terms', person, number);
    const from = plusDays(start, random.between(60, 300));
    if (!random.chance(0.3) || from > (end ?? STORY_ENDS)) return null;
    return { from, weeklyHours: Math.min(48, Math.max(4, weeklyHours + random.between(-4, 14))), hourlyPence: hourlyPence + random.between(20, 250) };
  }
}

const learnRefOf = (person: number): string => `L${String((person * 7_919) % 1_000_003).padStart(7, '0')}`;

const contractOf = (selfEmployed: boolean, weeklyHours: number): Job['contract'] =>
  selfEmployed ? 'SELF_EMPLOYED' : weeklyHours < 12 ? 'ZERO_HOURS' : weeklyHours < 20 ? 'TEMPORARY' : 'PERMANENT';

function surnamesOf(random: Random, first: string, sex: Sex): Life['surnames'] {
  const surnames = [{ from: ALWAYS, surname: first }];
  if (random.chance(sex === 'F' ? 0.05 : 0.01)) {
    surnames.push({ from: within(random, STORY_BEGINS, STORY_ENDS), surname: surname(random) });
  }
  return surnames;
}

const groupsOf = (random: Random, refugee: boolean, baseline: Status): Life['groups'] => [
  ...(random.chance(baseline === 'INACTIVE' ? 0.6 : 0.25) ? (['DISABILITY_OR_HEALTH'] as const) : []),
  ...(refugee ? (['REFUGEE'] as const) : []),
  ...(refugee && random.chance(0.2) ? (['HOMELESS'] as const) : []),
];

function referralOf(random: Random, person: number, district: string, age: number): Referral | null {
  if (!random.chance(0.72)) return null;
  const date = within(random, '2025-01-06', '2026-05-29');
  const programme = random.weighted<Programme>([['workwell', 40], ['connect-to-work', 32], ['youth-guarantee', age < 25 ? 40 : 0], ['restart', 8], ['local', 16]]);
  const revokedOn = random.chance(0.07) ? known(plusDays(date, random.between(1, 21))) : null;
  return {
    date,
    programme,
    from: practiceOf(district, random.chance(0.4)),
    to: String(990_000_100 + programme.length * 7),
    caseNumber: `R${String((person * 6_151) % 1_000_003).padStart(7, '0')}`,
    revokedOn,
    channel: random.chance(0.65) ? 'bars' : 'csv',
  };
}

function supportOf(random: Random, referral: Referral | null, asylumGranted: Day | null): Support | null {
  if (asylumGranted !== null) {
    const date = plusDays(asylumGranted, random.between(40, 300));
    return date <= STORY_ENDS ? { date, programme: 'local', provider: 'council' } : null;
  }
  if (referral === null || referral.revokedOn !== null || !random.chance(0.78)) return null;
  const date = plusDays(referral.date, random.between(6, 45));
  return date <= STORY_ENDS ? { date, programme: referral.programme, provider: referral.to } : null;
}

function claimsOf(random: Random, baseline: Status, jobs: readonly Job[]): Claim[] {
  if (!random.chance(baseline === 'EMPLOYED' ? 0.12 : 0.8)) return [];
  const benefitType = random.weighted<Claim['benefitType']>([
    ['universal_credit', 84],
    ['job_seekers_allowance_income_based', 8],
    ['employment_support_allowance_income_based', baseline === 'INACTIVE' ? 20 : 2],
  ]);
  const start = within(random, '2022-06-01', '2025-05-31');
  const job = jobs.find((each) => each.start > start);
  const end = job !== undefined && random.chance(0.55) ? known(plusDays(job.start, random.between(20, 170))) : null;
  return [{ benefitType, start, end }];
}
