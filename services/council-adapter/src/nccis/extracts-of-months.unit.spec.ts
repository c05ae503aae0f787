import { epochDayToIsoDate } from '@throughline/event-contracts';
import { asPayload, fold, TestAdapter } from '@throughline/adapter-kit/testing';
import fc from 'fast-check';
import { COUNCIL_ADAPTER } from '../council.adapter.js';
import { EXTRACT_COLUMNS } from './nccis-columns.js';

/** What one extract says of one young person. */
interface Extract {
  /** Month told of, of the calendar, within the academic year 2025/26. */
  readonly month: number;
  /** Day of June 2026 on which it was drawn. */
  readonly drawn: number;
  /** Null: the code is none, so that the row is refused; undefined: the person is in no row. */
  readonly code: '330' | '619' | null | undefined;
  readonly start: string;
  /** When the council last made sure of it. */
  readonly verified?: string | null;
}

const drawnOn = ({ drawn }: Extract): string => `2026-06-${String(drawn).padStart(2, '0')}`;
const lastDay = ({ month }: Extract): string => new Date(Date.UTC(month >= 9 ? 2025 : 2026, month, 0)).toISOString().slice(0, 10);

const payloadOf = ({ month, code, start, verified }: Extract): string =>
  [EXTRACT_COLUMNS.join(','), `someone else,2025/26,${month},619,2025-09-01,`, ...(code === undefined ? [] : [`A1,2025/26,${month},${code ?? '33'},${start},${verified ?? ''}`])].join('\n');

/** Starts of the jobs that stand when the extracts have arrived, in that order, and days on which one was made sure of. */
async function standingAfter(extracts: readonly Extract[]): Promise<{ readonly jobs: readonly string[]; readonly proofs: readonly string[] }> {
  const adapter = new TestAdapter(COUNCIL_ADAPTER);
  try {
    const { intake } = await adapter.restart();
    for (const extract of extracts) {
      const { submissionId } = await intake.accept(asPayload(payloadOf(extract)), { feed: 'nccis', mediaType: 'text/csv', asOf: `${drawnOn(extract)}T09:00:00Z` });
      await intake.settled(submissionId);
    }
    const stated = [...fold(adapter.sink.events()).values()].filter(({ value }) => value.meta.change === 'STATED');
    const daysOf = (type: 'JobStarted' | 'JobSustained') => stated.filter((event) => event.type === type).map(({ value }) => epochDayToIsoDate(value.meta.occurredOn!.date)).sort();
    return { jobs: daysOf('JobStarted'), proofs: daysOf('JobSustained') };
  } finally {
    await adapter.dispose();
  }
}

const inForce = (extracts: readonly Extract[]) => extracts.filter(({ code }) => code === '330' || code === '619').sort((one, other) => other.drawn - one.drawn);

/** A job stands where the last extract that speaks of its first day says that it began then. */
function jobsThatStand(extracts: readonly Extract[]): readonly string[] {
  const told = inForce(extracts);
  const speaking = (day: string) => told.find((each) => each.start <= day && day <= lastDay(each));
  const stands = (day: string): boolean => speaking(day)?.code === '330' && speaking(day)?.start === day;
  return [...new Set(told.map(({ start }) => start))].filter(stands).sort();
}

/** A proof stands where none newer speaks of its day: one not in work of all its time, one in work of that from its own proof on. */
function proofsThatStand(extracts: readonly Extract[]): readonly string[] {
  const told = inForce(extracts);
  const proofOf = ({ code, start, verified = null }: Extract): string | null => (code === '330' && verified !== null && verified > start ? verified : null);
  const leavesBe = (each: Extract, day: string): boolean => {
    const from = each.code === '619' ? each.start : proofOf(each);
    return from === null || day < from || day > lastDay(each);
  };
  const standing = told.filter((each) => {
    const day = proofOf(each);
    const newer = told.filter(({ drawn }) => drawn > each.drawn);
    const saysSo = newer.filter((other) => other.start === each.start && proofOf(other) === day);
    return day !== null && saysSo.length === 0 && newer.every((other) => leavesBe(other, day));
  });
  return standing.map((each) => proofOf(each)!).sort();
}

const extract = (month: number, drawn: number, code: Extract['code'], start: string, verified: string | null = null): Extract => ({ month, drawn, code, start, verified });
const worked = extract(10, 1, '330', '2025-09-15');

it.each<[string, readonly Extract[], readonly string[]]>([
  ['stays when another activity came after it', [worked, extract(11, 2, '619', '2025-11-03')], ['2025-09-15']],
  ['stays when the person is in no later extract', [worked, extract(11, 2, undefined, '')], ['2025-09-15']],
  ['stays when the later row is refused', [worked, extract(11, 2, null, '2025-09-15')], ['2025-09-15']],
  ['stays when it is told again', [worked, extract(11, 2, '330', '2025-09-15')], ['2025-09-15']],
  ['is gone when something else began that day', [worked, extract(11, 2, '619', '2025-09-15')], []],
  ['is gone when something else had begun before and goes on', [worked, extract(11, 2, '619', '2025-08-20')], []],
  ['moves to an earlier day', [worked, extract(11, 2, '330', '2025-09-01')], ['2025-09-01']],
  ['stays beside what was told of a month before it', [worked, extract(9, 2, '619', '2025-08-20')].map((each) => ({ ...each, start: each.month === 10 ? '2025-10-06' : each.start })), ['2025-10-06']],
])('a job %s, in whatever order the extracts come', async (_, extracts, jobs) => {
  expect(await standingAfter(extracts)).toMatchObject({ jobs });
  expect(await standingAfter([...extracts].reverse())).toMatchObject({ jobs });
});

const proved = extract(12, 1, '330', '2025-09-01', '2025-12-12');

it.each<[string, readonly Extract[], readonly string[]]>([
  ['stays when an earlier month is drawn again', [proved, extract(10, 2, '330', '2025-09-01', '2025-10-20')], ['2025-10-20', '2025-12-12']],
  ['stays when a row names no day', [proved, extract(12, 2, '330', '2025-09-01')], ['2025-12-12']],
  ['stays when a later month names a later day, and turns out to have been something else', [proved, extract(1, 2, '330', '2025-09-01', '2026-01-10'), extract(2, 3, '619', '2026-01-05')], ['2025-12-12']],
  ['is put right by a row of its month that names an earlier day', [proved, extract(12, 2, '330', '2025-09-01', '2025-12-02')], ['2025-12-02']],
  ['is gone when something else had begun before it', [proved, extract(12, 2, '619', '2025-12-05')], []],
])('a proof that a job is held %s, in whatever order the extracts come', async (_, extracts, proofs) => {
  expect(await standingAfter(extracts)).toMatchObject({ proofs });
  expect(await standingAfter([...extracts].reverse())).toMatchObject({ proofs });
});

it('jobs and proofs are those that the last extract to speak of their day tells, in any order', async () => {
  const starts = ['2025-08-20', '2025-09-15', '2025-10-06', '2025-11-03'] as const;
  const anyExtract = fc.record({ month: fc.constantFrom(11, 12, 1), code: fc.constantFrom('330', '619', null, undefined), start: fc.constantFrom(...starts), verified: fc.constantFrom(null, '2025-10-20', '2025-12-12', '2026-01-10') }) satisfies fc.Arbitrary<Omit<Extract, 'drawn'>>;
  const history = fc.array(anyExtract, { minLength: 2, maxLength: 5 }).chain((extracts) => fc.shuffledSubarray(extracts.map((each, index): Extract => ({ ...each, drawn: index + 1 })), { minLength: extracts.length }));
  await fc.assert(
    fc.asyncProperty(history, async (extracts) => {
      expect(await standingAfter(extracts)).toEqual({ jobs: jobsThatStand(extracts), proofs: proofsThatStand(extracts) });
    }),
    { numRuns: 25 },
  );
});
