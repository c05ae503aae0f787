import type { Life } from '@throughline/test-population';
import type { LinkedPopulation, LinkedSubject } from './linked-population.js';

/** What two people are to each other whom linkage takes for one. */
export type Relation = 'twins' | 'family' | 'strangers';

/** Pairs of subjects, counted. */
export interface Pairs {
  /** Two of one life. */
  readonly true: number;
  /** Of those, two of sources that identify people at all: a pair with another is missed whatever linkage does. */
  readonly linkable: number;
  /** Of those, held to be one person. */
  readonly joined: number;
  /** Of those, not held to be: by their two feeds, in the order of the alphabet, joined by ` – `. */
  readonly missed: ReadonlyMap<string, number>;
  /** Two of different lives held to be one person. */
  readonly falselyJoined: Readonly<Record<Relation, number>>;
}

/** Pairs of true joins among those joined; 1 where nobody is joined. */
export const precisionOf = ({ joined, falselyJoined }: Pairs): number => shareOf(joined, joined + falseOf(falselyJoined));
/** Pairs joined among the true ones; 1 where there are none. */
export const recallOf = (pairs: Pairs): number => shareOf(pairs.joined, pairs.true);
/** Pairs joined among those that identifiers could ever join; 1 where there are none. */
export const recallOfLinkable = ({ joined, linkable }: Pairs): number => shareOf(joined, linkable);
export const falseOf = ({ twins, family, strangers }: Pairs['falselyJoined']): number => twins + family + strangers;

const shareOf = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
const pairsOf = (count: number): number => (count * (count - 1)) / 2;

function countBy(subjects: readonly LinkedSubject[], keyOf: (subject: LinkedSubject) => string): number[] {
  const counts = new Map<string, number>();
  for (const subject of subjects) counts.set(keyOf(subject), (counts.get(keyOf(subject)) ?? 0) + 1);
  return [...counts.values()];
}

/** Visits every two subjects of one group. */
function forPairs(subjects: readonly LinkedSubject[], groupOf: (subject: LinkedSubject) => string, visit: (one: LinkedSubject, other: LinkedSubject) => void): void {
  const groups = new Map<string, LinkedSubject[]>();
  for (const subject of subjects) {
    const group = groups.get(groupOf(subject));
    if (group === undefined) groups.set(groupOf(subject), [subject]);
    else group.push(subject);
  }
  for (const group of groups.values()) group.forEach((one, index) => group.slice(index + 1).forEach((other) => visit(one, other)));
}

/** How linkage did, counted in pairs of subjects. */
export function pairsIn({ lives, subjects }: LinkedPopulation): Pairs {
  const sum = (keyOf: (subject: LinkedSubject) => string, of = subjects): number => countBy(of, keyOf).reduce((total, count) => total + pairsOf(count), 0);
  const falselyJoined: Record<Relation, number> = { twins: 0, family: 0, strangers: 0 };
  forPairs(subjects, ({ participant }) => participant, (one, other) => {
    if (one.life !== other.life) falselyJoined[relationOf(lives.get(one.life), lives.get(other.life))] += 1;
  });
  const missed = new Map<string, number>();
  forPairs(subjects, ({ life }) => String(life), (one, other) => {
    const feeds = [one.feed, other.feed].sort().join(' – ');
    if (one.participant !== other.participant) missed.set(feeds, (missed.get(feeds) ?? 0) + 1);
  });
  const lifeOf = ({ life }: LinkedSubject): string => String(life);
  return { true: sum(lifeOf), linkable: sum(lifeOf, subjects.filter(({ identifiable }) => identifiable)), joined: sum(({ life, participant }) => `${life} ${participant}`), missed, falselyJoined };
}

function relationOf(one: Life | undefined, other: Life | undefined): Relation {
  if (one === undefined || other === undefined) throw new RangeError('a subject of no life');
  if (one.twin === other.person) return 'twins';
  return one.family !== null && one.family === other.family ? 'family' : 'strangers';
}
