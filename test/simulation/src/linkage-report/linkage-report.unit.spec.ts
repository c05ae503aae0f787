import { TEST_KEYS } from '@throughline/adapter-kit/testing';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import type { Fact } from '@throughline/outcome-metrics';
import { IDENTITY_FAULTS, NCCIS_FURTHER_COLUMNS, readSubmissions } from '@throughline/test-population';
import type { Feed, Life } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import { readFileSync } from 'node:fs';
import { cellsOf, driftOf, totals } from './figures.js';
import { linkageReport } from './linkage-report.js';
import type { LinkageReport } from './linkage-report.js';
import { linkedPopulation } from './linked-population.js';
import type { LinkedPopulation } from './linked-population.js';
import { figuresDigest } from './figures-digest.js';
import { LINKAGE_PAGE, PAGE_CHECK, PAGE_POPULATION } from './location.js';
import { falseOf, pairsIn, precisionOf, recallOf, recallOfLinkable } from './pairs.js';
import { checkTable, renderLinkagePage } from './render-linkage-page.js';

/** As the adapters of tests have them. */
const PARTNERS = Object.fromEntries(['nhs', 'dwp', 'college', 'council'].map((name) => [name, { partner: `${name}-partner`, referenceKey: TEST_KEYS.referenceKey }]));
const AGREEMENTS = Object.fromEntries(['bars', 'nhs-csv', 'ilr', 'dwp-citizen', 'hmrc-rti', 'rtof', 'nccis'].map((feed) => [feed, `dsa-${feed}-test`]));

const NO_FACTS: readonly Fact[] = [];

/** Lives 0 and 1 are twins, 2 and 3 of one family, 4 stands alone. */
const lives = new Map(
  [{ twin: 1 }, { twin: 0 }, { family: 7 }, { family: 7 }, {}].map((life, person) => [person, { person, twin: null, family: null, ...life } as unknown as Life]),
);

const linked = (...subjects: readonly (readonly [life: number, feed: Feed, participant: string])[]): LinkedPopulation => ({
  lives,
  subjects: subjects.map(([life, feed, participant]) => ({ life, feed, participant, identifiable: feed !== 'nccis', facts: NO_FACTS })),
});

describe('pairs of subjects', () => {
  it('are true where both are one life, joined where one participant, and false by what the two people are', () => {
    const pairs = pairsIn(
      linked([0, 'bars', 'A'], [0, 'ilr', 'A'], [0, 'hmrc-rti', 'B'], [1, 'bars', 'A'], [2, 'ilr', 'C'], [3, 'ilr', 'C'], [4, 'bars', 'C'], [4, 'ilr', 'D']),
    );
    expect(pairs).toEqual({
      true: 4,
      linkable: 4,
      joined: 1,
      missed: new Map([['bars – hmrc-rti', 1], ['hmrc-rti – ilr', 1], ['bars – ilr', 1]]),
      falselyJoined: { twins: 2, family: 1, strangers: 2 },
    });
    expect(precisionOf(pairs)).toBe(1 / 6);
    expect(recallOf(pairs)).toBe(1 / 4);
  });

  it('with a source that identifies nobody are missed by design', () => {
    const pairs = pairsIn(linked([0, 'bars', 'A'], [0, 'ilr', 'A'], [0, 'nccis', 'B'], [4, 'ilr', 'C'], [4, 'rtof', 'D']));
    expect(pairs).toMatchObject({ true: 4, linkable: 2, joined: 1 });
    expect([recallOf(pairs), recallOfLinkable(pairs)]).toEqual([1 / 4, 1 / 2]);
  });

  it('of nobody are all right', () => {
    const pairs = pairsIn(linked([0, 'bars', 'A'], [4, 'bars', 'B']));
    expect([precisionOf(pairs), recallOf(pairs), recallOfLinkable(pairs), falseOf(pairs.falselyJoined)]).toEqual([1, 1, 1, 0]);
  });
});

it('a count that stands in another cell is one too often and one too seldom, whoever told of it', () => {
  const cells = (...keys: readonly string[]) => new Map(keys.map((key) => [key, 1]));
  const right = cells('job_starts|2025-01|E1|none|16-24|none|a', 'job_starts|2025-02|E1|none|16-24|none|a', 'referrals|2025-01|E1|none|16-24|none|a');
  const shown = cells('job_starts|2025-01|E1|none|16-24|none|a,b', 'job_starts|2025-03|E1|none|16-24|none|a', 'job_starts|2025-04|E1|none|16-24|none|a');
  expect(driftOf(shown, right)).toEqual(new Map([['job_starts', { tooOften: 2, tooSeldom: 1 }], ['referrals', { tooOften: 0, tooSeldom: 1 }]]));
  expect(totals(shown)).toEqual(new Map([['job_starts', 3]]));
});

describe('a small population', () => {
  it('links as the platform does: its figures are those that the recount knows of the same files', async () => {
    let known: ReadonlyMap<string, number> = new Map();
    const { subjects } = await linkedPopulation({ seed: 'platform', people: 120, untidiness: 'untidy' }, (folder) => {
      known = recount(folder, { knowableOnly: true, agreements: AGREEMENTS, partnersByDeployment: PARTNERS }).knowable;
    });
    expect(describeDifferences(compareCells(cellsOf(subjects, ({ participant }) => participant), known))).toBe('');
    expect(known.size).toBeGreaterThan(100);
  });

  it.each([true, false])('links young people only by the columns that a council adds, %s, as the recount does', async (councilColumns) => {
    let known: ReadonlyMap<string, number> = new Map();
    const { subjects } = await linkedPopulation({ seed: 'columns', people: 150, untidiness: 'tidy', councilColumns }, (folder) => {
      known = recount(folder, { knowableOnly: true, agreements: AGREEMENTS, partnersByDeployment: PARTNERS, nccisColumns: councilColumns ? NCCIS_FURTHER_COLUMNS : {} }).knowable;
    });
    expect(describeDifferences(compareCells(cellsOf(subjects, ({ participant }) => participant), known))).toBe('');
    const others = new Set(subjects.flatMap(({ feed, participant }) => (feed === 'nccis' ? [] : [participant])));
    const young = subjects.filter(({ feed }) => feed === 'nccis');
    expect(young.length).toBeGreaterThan(5);
    expect(young.some(({ participant }) => others.has(participant))).toBe(councilColumns);
    expect(new Set(subjects.flatMap(({ feed, identifiable }) => (identifiable ? [] : [feed])))).toEqual(new Set(councilColumns ? [] : ['nccis']));
  });

  it('joins nobody through the temporary learner number, which many have', async () => {
    let learners = 0;
    const population = await linkedPopulation({ seed: 'temporary', people: 150, untidiness: 'untidy' }, (folder) => {
      const files = new Set(readSubmissions(folder).filter(({ feed, refusedWhole }) => feed === 'ilr' && !refusedWhole).map(({ path }) => path));
      const without = (path: string): string[] => [...readFileSync(path, 'utf8').matchAll(/<LearnRefNumber>(\w+)<\/LearnRefNumber><ULN>9999999999</g)].flatMap(([, learner]) => learner ?? []);
      learners = new Set([...files].flatMap(without)).size;
    });
    expect(learners).toBeGreaterThan(3);
    expect(pairsIn(population).falselyJoined.strangers).toBe(0);
  });

  it('loses more pairs the more untidy its files are, and says how many by a fault', async () => {
    const faults = IDENTITY_FAULTS.filter(({ id }) => id === 'no-identifier' || id === 'moved-house');
    const small = await linkageReport({ seed: 'small', people: 100, faults, levels: ['perfect', 'untidy'] });
    const recalls = small.levels.map(({ pairs }) => recallOf(pairs));
    expect(recalls).toEqual([...recalls].sort((left, right) => right - left));
    expect(recalls[0]).toBeGreaterThan(recalls.at(-1) ?? 1);
    for (const { pairs, subjects, participants, metrics } of small.levels) {
      expect(pairs.true - pairs.joined).toBe([...pairs.missed.values()].reduce((sum, count) => sum + count, 0));
      expect(subjects).toBeGreaterThan(participants);
      for (const { truly, linked: shown, drift } of metrics.values()) expect(shown - truly).toBe(drift.tooOften - drift.tooSeldom);
      // Colleges alone tell of aims that are learnt, and know their own learners.
      expect(metrics.get('learning_starts')).toMatchObject({ truly: metrics.get('learning_starts')?.linked });
    }
    const untidy = small.levels.at(-1);
    expect(untidy?.faults.map(({ fault }) => fault.id)).toEqual(['no-identifier', 'moved-house']);
    expect(untidy?.faults[0]?.missed).toBeGreaterThan(0);
    // What people do themselves is told of perfect files too.
    expect(small.levels[0]?.faults.map(({ fault }) => fault.id)).toEqual(['moved-house']);
    expect(small.lived.get('job_starts')).toBeGreaterThan(0);
  });
});

/** What a page says beside its tables. */
const proseOf = (page: string): string[] => page.split('\n').filter((line) => !line.startsWith('|') && !line.startsWith('###'));

describe('the page', () => {
  const report = (): LinkageReport => ({
    seed: 's',
    people: 2,
    lived: new Map([['job_starts', 5]]),
    levels: [
      {
        level: 'untidy',
        subjects: 1_234,
        participants: 1_000,
        pairs: { true: 2_000, linkable: 1_999, joined: 1_999, missed: new Map([['bars – ilr', 1]]), falselyJoined: { twins: 1, family: 0, strangers: 2 } },
        metrics: new Map([['job_starts', { truly: 4, linked: 6, drift: { tooOften: 3, tooSeldom: 1 } }], ['lower_hours_outcome_evidence_insufficient', { truly: 1, linked: 1, drift: { tooOften: 0, tooSeldom: 0 } }]]),
        faults: [{ fault: IDENTITY_FAULTS[0]!, missed: -2, falselyJoined: 7 }],
      },
    ],
  });

  it('has the figures that its code gives, by a small run that it records: run "npm run linkage-report" when it has not', async () => {
    expect(readFileSync(LINKAGE_PAGE, 'utf8')).toContain(checkTable(await linkageReport(PAGE_CHECK)).join('\n'));
  });

  it('records each figure of that run', () => {
    const { levels: [level], lived } = report();
    const digests = [
      level!,
      { ...level!, participants: 999 },
      { ...level!, pairs: { ...level!.pairs, missed: new Map([['bars – ilr', 2]]) } },
      { ...level!, pairs: { ...level!.pairs, falselyJoined: { twins: 0, family: 1, strangers: 2 } } },
      { ...level!, metrics: new Map([...level!.metrics, ['referrals', { truly: 1, linked: 1, drift: { tooOften: 0, tooSeldom: 0 } }]]) },
    ].map((each) => figuresDigest(each, lived));
    expect(new Set([...digests, figuresDigest(level!, new Map([['job_starts', 6]]))]).size).toBe(digests.length + 1);
    const otherwise = new Map([...level!.metrics].reverse());
    expect(figuresDigest({ ...level!, metrics: otherwise }, lived)).toBe(digests[0]);
  });

  it('is fresh in all but its figures: run "npm run linkage-report" when it is not', () => {
    const page = readFileSync(LINKAGE_PAGE, 'utf8');
    expect(proseOf(page).filter((line) => line !== '')).toEqual(proseOf(renderLinkagePage({ ...report(), ...PAGE_POPULATION }, report())).filter((line) => line !== ''));
    for (const { meaning } of IDENTITY_FAULTS) expect(page).toContain(`| ${meaning} |`);
    const told = new Set([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, metric]) => metric));
    expect([...told].filter((metric) => !LATEST_RULES.metrics.some((id) => id === metric))).toEqual([]);
    expect(told.size).toBeGreaterThan(15);
  });

  it('never rounds a share up to all of it', () => {
    const page = renderLinkagePage(report(), report());
    expect(page).toContain('| 1,234 | 1,000 | 2,000 | 1,999 | 1 | 1 | 3 | 99.8 % | 99.9 % | 100.0 % |');
    expect(page).toContain('| untidy | 1 | 0 | 2 |');
    expect(page).toContain('temporary number 9999999999 | -2 | 7 |');
    expect(page).toContain('| bars – ilr | 1 |');
  });

  it('lays what was lived beside what is told, and nothing beside what nobody lives', () => {
    const page = renderLinkagePage(report(), report());
    expect(page).toContain('| `job_starts` | 5 | 4 | 6 | 3 | 1 |');
    expect(page).toContain('| `lower_hours_outcome_evidence_insufficient` | – | 1 | 1 | 0 | 0 |');
  });
});
