/** What the partners said: facts per location, and identifiers per identifier partition. Append only. */
export interface FactEvent {
  readonly subject: string;
  readonly fact: string;
  readonly revision: number;
  /** What the fact counts for; null: withdrawn. */
  readonly value: string | null;
}

export interface IdentifierEvent {
  readonly subject: string;
  readonly revision: number;
  readonly tokens: readonly string[];
}

export interface Log {
  readonly facts: Record<string, FactEvent[]>;
  readonly identifiers: Record<string, IdentifierEvent[]>;
}

export type Timelines = Map<string, Map<string, FactEvent>>;

export interface Mark {
  /** Subjects (of a location), or roots of participants (of the index); null: everyone. */
  readonly names: readonly string[] | null;
}

export interface PartitionState {
  next: number;
  /** What a worker without ids of its own would count marks by; rewound with the rest. */
  counter: number;
  entries: FactEvent[];
  marks: Map<string, Mark>;
}

export interface LinkState {
  stamp: string;
  counter: number;
  next: Record<string, number>;
  identities: Map<string, IdentifierEvent>;
  participantOf: Map<string, string>;
  subjectsOf: Map<string, readonly string[]>;
  marks: Map<string, Mark>;
}

export interface ParticipantRecord {
  readonly version: string;
  readonly root: string;
  readonly counts: ReadonlyMap<string, number>;
}

export interface BucketState {
  counter: number;
  records: Map<string, ParticipantRecord>;
  cells: Map<string, number>;
  marks: Map<string, Mark>;
}

/** The view of the log as it is kept outside the workers: every tag changes atomically, and may be rewound by itself. */
export interface Store {
  partitions: Record<string, PartitionState>;
  link: LinkState;
  buckets: BucketState[];
}

export const LOCATIONS = ['a.0', 'b.0'] as const;
export const IDENTIFIER_PARTITIONS = ['a.0', 'b.0'] as const;
export const BUCKETS = 2;

export const locationOf = (subject: string): string => (subject.startsWith('a') ? 'a.0' : 'b.0');
export const participantNamed = (root: string): string => `P(${root})`;
export const bucketOf = (participant: string): number => participant.charCodeAt(3) % BUCKETS;

export function emptyStore(): Store {
  return {
    partitions: Object.fromEntries(LOCATIONS.map((l) => [l, { next: 0, counter: 0, entries: [], marks: new Map<string, Mark>() }])),
    link: {
      stamp: '',
      counter: 0,
      next: Object.fromEntries(IDENTIFIER_PARTITIONS.map((p) => [p, 0])),
      identities: new Map(),
      participantOf: new Map(),
      subjectsOf: new Map(),
      marks: new Map(),
    },
    buckets: Array.from({ length: BUCKETS }, () => ({
      counter: 0,
      records: new Map<string, ParticipantRecord>(),
      cells: new Map<string, number>(),
      marks: new Map<string, Mark>(),
    })),
  };
}

/** Greatest revision wins; true if the timeline changed. */
export function merge(timelines: Timelines, event: FactEvent): boolean {
  let timeline = timelines.get(event.subject);
  if (timeline === undefined) timelines.set(event.subject, (timeline = new Map<string, FactEvent>()));
  const known = timeline.get(event.fact);
  if (known !== undefined && known.revision >= event.revision) return false;
  timeline.set(event.fact, event);
  return true;
}

/** Components by shared tokens: subject → least subject. A function of the identities in force, not of their order. */
export function rootsOf(identities: ReadonlyMap<string, IdentifierEvent>): Map<string, string> {
  const roots = new Map([...identities.keys()].map((subject) => [subject, subject]));
  for (let changed = true; changed; ) {
    changed = false;
    const least = new Map<string, string>();
    for (const [subject, { tokens }] of identities) {
      const root = roots.get(subject)!;
      for (const token of tokens) if (root < (least.get(token) ?? '~')) least.set(token, root);
    }
    for (const [subject, { tokens }] of identities) {
      for (const token of tokens) {
        if (least.get(token)! >= roots.get(subject)!) continue;
        roots.set(subject, least.get(token)!);
        changed = true;
      }
    }
  }
  return roots;
}

/** What a participant counts for: one per distinct value among its facts, so that two subjects of one person fold. */
export function countsOf(timelines: Iterable<ReadonlyMap<string, FactEvent>>): Map<string, number> {
  const values = new Set<string>();
  for (const timeline of timelines) {
    for (const { value } of timeline.values()) if (value !== null) values.add(value);
  }
  return new Map([...values].map((value) => [value, 1]));
}

/** The figures computed straight from the log up to a position: the truth the workers are held against. */
export function cellsOfLog(log: Log, position: { facts: Record<string, number>; identifiers: Record<string, number> }): string {
  const timelines: Timelines = new Map();
  for (const [location, events] of Object.entries(log.facts)) {
    for (const event of events.slice(0, position.facts[location])) merge(timelines, event);
  }
  const identities = new Map<string, IdentifierEvent>();
  for (const [partition, events] of Object.entries(log.identifiers)) {
    for (const event of events.slice(0, position.identifiers[partition])) {
      const known = identities.get(event.subject);
      if (known === undefined || known.revision < event.revision) identities.set(event.subject, event);
    }
  }
  const roots = rootsOf(identities);
  const people = new Map<string, Map<string, FactEvent>[]>();
  for (const [subject, timeline] of timelines) {
    const root = roots.get(subject) ?? subject;
    people.set(root, [...(people.get(root) ?? []), timeline]);
  }
  const cells = new Map<string, number>();
  for (const person of people.values()) addCounts(cells, countsOf(person), 1);
  return printCells([cells]);
}

export function addCounts(cells: Map<string, number>, counts: ReadonlyMap<string, number>, sign: 1 | -1): void {
  for (const [cell, count] of counts) {
    const sum = (cells.get(cell) ?? 0) + sign * count;
    if (sum === 0) cells.delete(cell);
    else cells.set(cell, sum);
  }
}

export function printCells(buckets: Iterable<ReadonlyMap<string, number>>): string {
  const all = new Map<string, number>();
  for (const cells of buckets) addCounts(all, cells, 1);
  return [...all].map(([cell, count]) => `${cell}=${count}`).sort().join(' ');
}

/** Copies one tag's state, as a backup of its node would hold it. */
export function copyState<T>(state: T): T {
  if (state instanceof Map) return new Map([...state].map(([key, value]): [unknown, unknown] => [key, copyState<unknown>(value)])) as T;
  if (Array.isArray(state)) return state.map((value: unknown) => copyState(value)) as T;
  if (typeof state !== 'object' || state === null) return state;
  return Object.fromEntries(Object.entries(state).map(([key, value]) => [key, copyState<unknown>(value)])) as T;
}
