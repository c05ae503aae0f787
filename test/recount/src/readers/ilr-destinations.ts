import { optionalDate, Refused, requiredDate } from '../days.js';
import { identified } from '../identifiers.js';
import { factName } from '../told.js';
import type { Body, ToldFact } from '../told.js';
import { all, text } from './xml-node.js';
import type { Node } from './xml-node.js';

const TYPES = ['EDU', 'EMP', 'GAP', 'NPE', 'OTH', 'SDE', 'VOL'];
const LEAST_16 = [1600, null] as const;
const BELOW_16 = [0, 1600] as const;
type Work = Pick<Extract<Body, { type: 'JobStarted' }>, 'work' | 'hours'>;
const JOBS: Readonly<Record<string, Work>> = {
  EMP1: { work: 'EMPLOYED', hours: LEAST_16 },
  EMP2: { work: 'EMPLOYED', hours: BELOW_16 },
  EMP3: { work: 'SELF_EMPLOYED', hours: null },
  EMP4: { work: 'SELF_EMPLOYED', hours: LEAST_16 },
  EMP5: { work: 'SELF_EMPLOYED', hours: BELOW_16 },
};
const OUT_OF_WORK = { NPE1: 'UNEMPLOYED', NPE2: 'INACTIVE' } as const;

interface Outcome {
  readonly code: string;
  readonly start: string;
  readonly end: string | null;
  readonly collected: string;
}

function outcomeOf(node: Node, yearEnds: string, prepared: string): Outcome {
  const [type, code] = [text(node, 'OutType'), text(node, 'OutCode')];
  if (type === null || code === null || !TYPES.includes(type)) throw new Refused();
  const both = type + code;
  if ((type === 'EMP' || type === 'NPE') && !(both in JOBS) && !(both in OUT_OF_WORK)) throw new Refused();
  const start = requiredDate(text(node, 'OutStartDate'));
  const ends = Number(yearEnds.slice(0, 4));
  // The year that ends in July of `ends` began in August of the year before.
  if (start < `${ends - 11}-08-01` || start > `${ends + 1}-07-31`) throw new Refused();
  const end = optionalDate(text(node, 'OutEndDate'));
  const collected = requiredDate(text(node, 'OutCollDate'));
  if ((end !== null && end < start) || collected > prepared) throw new Refused();
  return { code: both, start, end, collected };
}

/** What a `LearnerDestinationandProgression` says; nothing where no outcome says anything of work. */
export function destinationFacts(node: Node, scope: string, yearEnds: string, prepared: string): ToldFact[] {
  const uln = text(node, 'ULN');
  if (uln === null) throw new Refused();
  const outcomes = all(node, 'DPOutcome').map((each) => outcomeOf(each, yearEnds, prepared));
  if (outcomes.length === 0 || new Set(outcomes.map(({ code, start }) => `${code} ${start}`)).size < outcomes.length) throw new Refused();
  const starts = (type: string): string[] => outcomes.filter(({ code }) => code.startsWith(type)).map(({ start }) => start);
  if (starts('EMP').some((start) => starts('NPE').includes(start))) throw new Refused();

  const said = outcomes.filter(({ code, start, collected }) => (code in JOBS || code in OUT_OF_WORK) && start <= collected);
  const [first] = said.map(({ start }) => start).sort();
  if (first === undefined) return [];
  const nothing = { type: 'CircumstancesReported', birthYear: null, birthMonth: null, district: null, groups: null } as const;
  return [
    { key: ['destination'], occurredOn: first, body: identified({ uln }) },
    ...said.flatMap(({ code, start, end, collected }): ToldFact[] => {
      const key = ['destination', code, start];
      const work = JOBS[code];
      if (work === undefined) return [{ key, occurredOn: start, body: { ...nothing, status: OUT_OF_WORK[code as keyof typeof OUT_OF_WORK] } }];
      const seen = end !== null && end < collected ? end : collected;
      return [
        { key, occurredOn: start, body: { ...nothing, status: 'EMPLOYED' } },
        { key, occurredOn: start, body: { type: 'JobStarted', ...work, employer: null, contract: null, hourlyPence: null } },
        ...(seen === start ? [] : [{ key, occurredOn: seen, body: { type: 'JobSustained', job: factName(scope, 'JobStarted', key), hours: work.hours, hourlyPence: null } } as const]),
        ...(end !== null && end <= collected ? [{ key, occurredOn: end, body: { type: 'JobEnded' } } as const] : []),
      ];
    }),
  ];
}
