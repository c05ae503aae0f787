import fc from 'fast-check';
import { contributions } from './contributions.js';
import type { Contributions } from './contributions.js';
import { LATEST_RULES } from './rules/index.js';
import { anyHistory, circumstances, counted, jobStart, referral, stated, support, timelineOf, withdrawn } from './testing/index.js';
import type { SubjectEntry } from './testing/index.js';
import { factsOf, mergeEntry } from './timeline.js';
import type { Timeline } from './timeline.js';

const sorted = (cells: Contributions) => [...cells].sort(([a], [b]) => (a < b ? -1 : 1));
const cellsOf = (...timelines: readonly Timeline[]) => sorted(contributions(factsOf(timelines), LATEST_RULES));

const delivered = (history: readonly SubjectEntry[], subjectOf: (said: SubjectEntry) => string): Contributions => {
  const timelines = new Map<string, Timeline>();
  for (const said of history) {
    const timeline = timelines.get(subjectOf(said)) ?? timelineOf();
    timelines.set(subjectOf(said), timeline);
    mergeEntry(timeline, said.entry);
  }
  return contributions(factsOf(timelines.values()), LATEST_RULES);
};

describe('what a participant adds to the figures', () => {
  it('is counted by month, district, programme, age, group and the agreements of all that was read', () => {
    const facts = [
      jobStart('job', '2026-05-31', { system: 'hmrc-rti', agreement: 'dsa-job' }),
      support('support', '2026-01-01', { programme: 'workwell', agreement: 'dsa-support' }),
      circumstances('home', '2026-05-01', { district: 'E08000003', agreement: 'dsa-home' }),
      circumstances('birth', '2026-05-01', { birthYear: 1990, agreement: 'dsa-birth' }),
      circumstances('group', '2026-05-01', { priorityGroups: [], agreement: 'dsa-group' }),
      circumstances('other', '2026-05-01', { status: 'INACTIVE', agreement: 'dsa-status' }),
    ];
    expect(counted('job_starts', ...facts)).toEqual([
      {
        metric: 'job_starts',
        month: '2026-05',
        district: 'E08000003',
        programme: 'workwell',
        ageBand: '25-49',
        priorityGroup: 'none',
        agreements: ['dsa-birth', 'dsa-group', 'dsa-home', 'dsa-job', 'dsa-support'],
        count: 1,
      },
    ]);
  });

  it('is unknown in each dimension that nobody tells, and of the agreement counted alone', () => {
    expect(cellsOf(timelineOf(jobStart('job', '2026-05-31')))).toEqual([
      ['job_starts|2026-05|unknown|no programme|unknown|unknown|dsa-rtof', 1],
    ]);
  });

  it('is taken back with the fact, and comes again with it', () => {
    const said = stated(jobStart('job', '2026-05-31'));
    const back = withdrawn('job', { instant: 2 });
    const again = stated(jobStart('job', '2026-06-30'), { instant: 3 });
    expect(cellsOf(timelineOf(said, back))).toEqual([]);
    expect(cellsOf(timelineOf(said, back, again)).map(([key]) => key)).toEqual([expect.stringContaining('|2026-06|')]);
  });

  it('follows a correction of what a fact says', () => {
    const first = stated(referral('r', '2026-05-01', { status: 'ACTIVE' }));
    const revoked = stated(referral('r', '2026-05-01', { status: 'REVOKED' }), { instant: 2 });
    expect(cellsOf(timelineOf(first))).toHaveLength(1);
    expect(cellsOf(timelineOf(revoked, first))).toEqual([]);
  });

  it('joins what two sources say of one person', () => {
    const council = timelineOf(jobStart('a', '2026-05', { system: 'rtof' }));
    const payroll = timelineOf(jobStart('b', '2026-05-20', { system: 'hmrc-rti' }));
    expect(cellsOf(council, payroll)).toEqual([['job_starts|2026-05|unknown|no programme|unknown|unknown|dsa-hmrc-rti,dsa-rtof', 1]]);
  });

  it('hears NCCIS after records that others keep, and before referrals', () => {
    const told = (...systems: readonly string[]) =>
      counted('job_starts', jobStart('job', '2026-05-31'), ...systems.map((system, n) => circumstances(`c${n}`, '2026-05-01', { system, district: system === 'nccis' ? 'E08000001' : 'E08000002' }))).map(({ district }) => district);
    expect(told('bars', 'nccis', 'nhs-csv')).toEqual(['E08000001']);
    expect(told('nccis', 'ilr')).toEqual(['E08000002']);
  });

  it('is nothing for nobody', () => {
    expect(cellsOf()).toEqual([]);
  });

  it('is the same for every order of arrival, delivered twice', () => {
    fc.assert(
      fc.property(
        anyHistory.chain((history) => fc.tuple(fc.constant(history), fc.shuffledSubarray([...history, ...history], { minLength: history.length * 2 }))),
        ([history, again]) => {
          const bySubject = ({ subject }: SubjectEntry) => subject;
          expect(sorted(delivered(again, bySubject))).toEqual(sorted(delivered(history, bySubject)));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is the same however the facts are spread over subjects', () => {
    fc.assert(
      fc.property(anyHistory, fc.array(fc.nat({ max: 5 }), { minLength: 60, maxLength: 60 }), (history, spread) => {
        const anywhere = ({ entry }: SubjectEntry) => String(spread[Number(entry.factId.slice(5, 7))]);
        expect(sorted(delivered(history, anywhere))).toEqual(sorted(delivered(history, () => 'one')));
      }),
      { numRuns: 500 },
    );
  });

  it('falls with its evidence: what rests on a job having lasted is gone once nothing tells that it did', () => {
    const metrics = (said: readonly SubjectEntry[]) => [...delivered(said, ({ subject }) => subject).keys()].map((key) => key.slice(0, key.indexOf('|')));
    const resting = /^(sustained|lower|higher|earnings|self_employed|pay|hours)_/;
    fc.assert(
      fc.property(anyHistory, (history) => {
        const last = (factId: string) => Math.max(...history.filter(({ entry }) => entry.factId === factId).map(({ entry }) => entry.instant));
        const evidence = new Map(history.flatMap((said) => (said.entry.fact?.kind === 'JobSustained' || said.entry.fact?.kind === 'EarningsReported' ? [[said.entry.factId, said] as const] : [])));
        const takenBack = [...evidence.values()].map(({ subject, entry }) => ({ subject, entry: { ...entry, instant: last(entry.factId) + 1, hashHigh: 0, hashLow: 0, fact: null } }));
        expect(metrics([...takenBack, ...history]).filter((metric) => resting.test(metric))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
    // Histories have what can fall: of a sample that is the same each time, since a random one may lack the rarest.
    const met = new Set(fc.sample(anyHistory, { numRuns: 4_000, seed: 1 }).flatMap(metrics));
    expect([...met]).toEqual(expect.arrayContaining(['sustained_13_weeks', 'lower_hours_outcome', 'higher_hours_outcome_evidence_insufficient', 'earnings_outcome']));
  });

  it('is never zero and never less', () => {
    fc.assert(
      fc.property(anyHistory, (history) => {
        for (const count of delivered(history, () => 'one').values()) expect(count).toBeGreaterThan(0);
      }),
    );
  });
});
