import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';

/** The index at one size, with all that was spent until then. */
export interface IndexSize {
  readonly subjects: number;
  readonly participants: number;
  readonly seconds: number;
  /** Of linkage's process. */
  readonly cpuSeconds: number;
  readonly redisSeconds: number;
  /** More than of an empty Redis. */
  readonly redisBytes: number;
  /** Of each hash, by its name. */
  readonly hashes: Readonly<Record<string, number>>;
}

/** A generation is built beside the one in force. */
const GENERATIONS = 2;
/** Of a node's memory: the rest is for pages that are written while the append-only file is, for clients, and for the system. */
const USABLE = 0.7;
const NODES_GIB = [8, 16, 64, 256];

/** Subjects of whom a node of so much memory holds who they are, while a rebuild lasts too. */
export const subjectsHeld = (nodeBytes: number, bytesPerSubject: number): number => Math.floor((nodeBytes * USABLE) / GENERATIONS / bytesPerSubject);

/** What was spent from one size to the next. */
interface Stretch {
  readonly perSecond: number;
  readonly cpuPerMillion: number;
  readonly redisPerMillion: number;
}

function stretchTo(size: IndexSize, before: IndexSize | undefined): Stretch {
  const more = (of: 'subjects' | 'seconds' | 'cpuSeconds' | 'redisSeconds'): number => size[of] - (before?.[of] ?? 0);
  const millions = more('subjects') / 1e6;
  return { perSecond: more('subjects') / more('seconds'), cpuPerMillion: (more('cpuSeconds') + more('redisSeconds')) / millions, redisPerMillion: more('redisSeconds') / millions };
}

const PARTS: readonly (readonly [heading: string, hashes: readonly string[]])[] = [
  ['of it what was said', ['identity']],
  ['who holds a token', ['token']],
  ['who is who', ['subject', 'participant']],
];

/** Two tables: what each size cost, and what follows for a node. */
export function linkIndexSections(sizes: readonly IndexSize[]): Section[] {
  const stretches = sizes.map((size, i) => stretchTo(size, sizes[i - 1]));
  const last = sizes.at(-1)!;
  const bytesPerSubject = last.redisBytes / last.subjects;
  const perSecond = stretches.at(-1)!.perSecond;
  return [
    {
      title: 'Who is who: the link index',
      method:
        'Linkage’s own code reads identifiers as they lie in the log, in batches of 250 of a partition, into an empty index on Redis (appendfsync always); Kafka is left out. Four deployments, five sources, invented people whom a source knows or not and who share numbers and names; of a hundred numbers one is mistyped, and every second of those corrected; one filler. A row counts from the size before it on. Participants at the first size were compared with everybody linked at once.',
      columns: ['subjects', 'participants', 'subjects/s', 'CPU-s per million', 'of it Redis', 'Redis bytes per subject', ...PARTS.map(([heading]) => heading)],
      rows: sizes.map(({ subjects, participants, redisBytes, hashes }, i) => [
        whole(subjects),
        whole(participants),
        whole(stretches[i]!.perSecond),
        stretches[i]!.cpuPerMillion.toFixed(1),
        stretches[i]!.redisPerMillion.toFixed(1),
        whole(redisBytes / subjects),
        ...PARTS.map(([, names]) => whole(names.reduce((sum, name) => sum + (hashes[name] ?? 0), 0) / subjects)),
      ]),
      verdicts: [],
      figures: sizes.map(({ subjects }, i) => ({
        workload: `who is who: up to ${subjects} subjects`,
        contender: 'Throughline: linkage',
        phase: 'cold',
        eventsPerSecond: Math.round(stretches[i]!.perSecond),
        cpuSecondsPerMillion: Number(stretches[i]!.cpuPerMillion.toFixed(3)),
        ratio: null,
        target: null,
        reached: null,
      })),
    },
    {
      title: 'Who is who: what one node holds',
      method: `By arithmetic, from the last size above: ${whole(bytesPerSubject)} bytes a subject, in two generations, since a rebuild stands beside what is in force, in ${USABLE * 100} % of a node’s memory; nothing else on that node. Built anew at the rate above.`,
      columns: ['memory of the node', 'subjects', 'participants', 'hours to build'],
      rows: NODES_GIB.map((gib) => {
        const subjects = subjectsHeld(gib * 2 ** 30, bytesPerSubject);
        return [`${gib} GiB`, whole(subjects), whole((subjects * last.participants) / last.subjects), (subjects / perSecond / 3_600).toFixed(1)];
      }),
      verdicts: [],
    },
  ];
}
