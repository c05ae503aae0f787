import type { Component, LinkRule } from './linking.js';

/** One step from subject to subject of a component. */
export interface LinkStep {
  readonly rule: LinkRule;
  /** Reached by it. */
  readonly subject: Buffer;
}

/** A shortest way from any of some subjects of a component to any of others, over the joins that hold. */
export interface LinkPath {
  readonly from: Buffer;
  /** None where one of the first is one of the others. */
  readonly steps: readonly LinkStep[];
}

/**
 * Why subjects are one person. Of several ways the one over the fewest joins, then by the order of joins and subjects, so
 * that asking twice tells the same.
 * @returns null where there is none: they are not of this component.
 */
export function linkPath({ subjects, joins }: Pick<Component, 'subjects' | 'joins'>, from: readonly Buffer[], to: readonly Buffer[]): LinkPath | null {
  const goals = new Set(to.map((subject) => subject.toString('hex')));
  const starts = new Set(from.map((subject) => subject.toString('hex')));
  const joinsOf = new Map<string, number[]>();
  joins.forEach(({ subjects: joined }, number) => {
    for (const subject of joined) joinsOf.set(subject.toString('hex'), [...(joinsOf.get(subject.toString('hex')) ?? []), number]);
  });
  const found = new Map<string, LinkPath>();
  const queue: Buffer[] = [];
  for (const subject of subjects) {
    if (!starts.has(subject.toString('hex'))) continue;
    found.set(subject.toString('hex'), { from: subject, steps: [] });
    queue.push(subject);
  }
  // Read while it grows: breadth first.
  for (const subject of queue) {
    const key = subject.toString('hex');
    const path = found.get(key)!;
    if (goals.has(key)) return path;
    for (const number of joinsOf.get(key) ?? []) {
      const { rule, subjects: joined } = joins[number]!;
      for (const next of joined) {
        if (found.has(next.toString('hex'))) continue;
        found.set(next.toString('hex'), { from: path.from, steps: [...path.steps, { rule, subject: next }] });
        queue.push(next);
      }
    }
  }
  return null;
}
