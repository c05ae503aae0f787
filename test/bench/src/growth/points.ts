/** A size at which ours is measured. */
export interface Point {
  readonly partitions: number;
  readonly processes: 1 | 2;
  readonly participants: number;
  /** About each of their subjects, of whom a participant has two on average. */
  readonly eventsPerSubject: number;
}

/** What every curve goes through. */
export const MIDDLE: Point = { partitions: 12, processes: 1, participants: 100_000, eventsPerSubject: 10 };

/** One thing that grows, the rest as in the middle. */
export interface Curve {
  readonly title: string;
  /** Heading of the first column. */
  readonly of: string;
  readonly points: readonly Point[];
  /** What stands in the first column. */
  readonly value: (point: Point) => number;
  /** What has to be known besides to read it. */
  readonly remark: string;
}

const curve = <K>(values: readonly K[], point: (value: K) => Partial<Point>): Point[] => values.map((value) => ({ ...MIDDLE, ...point(value) }));

/** Events about everybody together where what is said of one person grows. */
const EVENTS = 2_000_000;

export const CURVES: readonly Curve[] = [
  {
    title: 'Partitions of each of the four topics',
    of: 'partitions',
    points: curve([1, 4, 12, 24], (partitions) => ({ partitions })),
    value: ({ partitions }) => partitions,
    remark: 'One process reads all of them.',
  },
  {
    title: 'Processes that share the partitions',
    of: 'processes',
    points: curve([1, 2] as const, (processes) => ({ processes })),
    value: ({ processes }) => processes,
    remark: 'Both on the one core that there is for them: what a second one costs, and not what a second core would gain.',
  },
  {
    title: 'Participants',
    of: 'participants',
    points: curve([10_000, 100_000, 1_000_000], (participants) => ({ participants })),
    value: ({ participants }) => participants,
    remark: '',
  },
  {
    title: 'Events about each participant',
    of: 'events per participant',
    points: curve([2, 10, 50, 250], (eventsPerSubject) => ({ eventsPerSubject, participants: EVENTS / 2 / eventsPerSubject })),
    value: ({ eventsPerSubject }) => eventsPerSubject * 2,
    remark: 'As many events in all at each: fewer participants.',
  },
];

/** Tells the log of a point from the others. Points that differ in processes alone read one log. */
export const nameOf = ({ partitions, participants, eventsPerSubject }: Point): string =>
  // A long number is not let into labels.
  `growth-${partitions}-${participants.toString(36)}-${eventsPerSubject}`;
