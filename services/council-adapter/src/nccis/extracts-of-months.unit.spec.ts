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
}

const drawnOn = ({ drawn }: Extract): string => `2026-06-${String(drawn).padStart(2, '0')}`;
const lastDay = ({ month }: Extract): string => new Date(Date.UTC(month >= 9 ? 2025 : 2026, month, 0)).toISOString().slice(0, 10);

const payloadOf = ({ month, code, start }: Extract): string =>
  [EXTRACT_COLUMNS.join(','), `someone else,2025/26,${month},619,2025-09-01,`, ...(code === undefined ? [] : [`A1,2025/26,${month},${code ?? '33'},${start},`])].join('\n');

/** Starts of the jobs that stand when the extracts have arrived, in that order. */
async function jobsAfter(extracts: readonly Extract[]): Promise<readonly string[]> {
  const adapter = new TestAdapter(COUNCIL_ADAPTER);
  try {
    const { intake } = await adapter.restart();
    for (const extract of extracts) {
      const { submissionId } = await intake.accept(asPayload(payloadOf(extract)), { feed: 'nccis', mediaType: 'text/csv', asOf: `${drawnOn(extract)}T09:00:00Z` });
      await intake.settled(submissionId);
    }
    return [...fold(adapter.sink.events()).values()]
      .filter(({ type, value }) => type === 'JobStarted' && value.meta.change === 'STATED')
      .map(({ value }) => epochDayToIsoDate(value.meta.occurredOn!.date))
      .sort();
  } finally {
    await adapter.dispose();
  }
}

/** A job stands where the last extract that speaks of its first day says that it began then. */
function jobsThatStand(extracts: readonly Extract[]): readonly string[] {
  const told = extracts.filter(({ code }) => code === '330' || code === '619');
  const speaking = (day: string) => told.filter((each) => each.start <= day && day <= lastDay(each)).sort((one, other) => other.drawn - one.drawn);
  const stands = (day: string): boolean => speaking(day)[0]?.code === '330' && speaking(day)[0]?.start === day;
  return [...new Set(told.map(({ start }) => start))].filter(stands).sort();
}

const extract = (month: number, drawn: number, code: Extract['code'], start: string): Extract => ({ month, drawn, code, start });
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
  expect(await jobsAfter(extracts)).toEqual(jobs);
  expect(await jobsAfter([...extracts].reverse())).toEqual(jobs);
});

it('jobs are those that the last extract to speak of their first day tells, in any order', async () => {
  const starts = ['2025-08-20', '2025-09-15', '2025-10-06', '2025-11-03'] as const;
  const anyExtract = fc.record({ month: fc.constantFrom(11, 12, 1), code: fc.constantFrom('330', '619', null, undefined), start: fc.constantFrom(...starts) }) satisfies fc.Arbitrary<Omit<Extract, 'drawn'>>;
  const history = fc.array(anyExtract, { minLength: 2, maxLength: 5 }).chain((extracts) => fc.shuffledSubarray(extracts.map((each, index): Extract => ({ ...each, drawn: index + 1 })), { minLength: extracts.length }));
  await fc.assert(
    fc.asyncProperty(history, async (extracts) => {
      expect(await jobsAfter(extracts)).toEqual(jobsThatStand(extracts));
    }),
    { numRuns: 25 },
  );
});
