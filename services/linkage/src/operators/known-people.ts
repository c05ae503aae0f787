import { LINKING_RULES_2026_1, linkPath, participantOf } from '@throughline/identity';
import type { Component, ConflictKind, LinkPath } from '@throughline/identity';
import type { LinkIndex } from '@throughline/state-store';
import { latestWords } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import { readClosure } from '../linking/closure.js';
import type { Closure, News } from '../linking/closure.js';
import { IndexMoved } from '../linking/index-moved.js';
import { newsOf } from '../linking/linker.js';
import { componentsOf } from '../linking/plan-links.js';
import { LinkDeskError } from './link-desk-error.js';

/** What is said of subjects to operators: no token, no identifier. */
export interface ToldSubject {
  readonly subject: string;
  readonly deployments: readonly string[];
}

/** A participant as operators see it. */
export interface ToldPerson {
  readonly participant: string;
  readonly subjects: readonly ToldSubject[];
  readonly conflicts: readonly ConflictKind[];
}

/** A way from one subject to another. */
export interface ToldPath {
  readonly from: ToldSubject;
  readonly steps: readonly ({ readonly rule: string } & ToldSubject)[];
}

const ATTEMPTS = 20;

/** Who is who around some subjects, at one moment of the index; with decisions that are not made yet, if any are given. */
export class KnownPeople {
  private constructor(
    private readonly closure: Closure,
    private readonly platformKey: Uint8Array,
    readonly components: readonly Component[],
  ) {}

  /** @throws LinkDeskError `INDEX_BUSY` where others keep changing the index */
  static async around(index: Pick<LinkIndex, 'read'>, platformKey: Uint8Array, subjects: readonly Buffer[], supposed: readonly DecisionWord[] = []): Promise<KnownPeople> {
    const said = newsOf({ deployment: '', messages: [], decisions: supposed });
    const news: News = { ...said, subjects: [...new Map([...said.subjects, ...subjects].map((subject) => [subject.toString('hex'), subject])).values()] };
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      try {
        const closure = await readClosure(index, news, LINKING_RULES_2026_1.mostSubjectsPerToken.value);
        return new KnownPeople(closure, platformKey, componentsOf(closure));
      } catch (error) {
        if (!(error instanceof IndexMoved)) throw error;
      }
    }
    throw new LinkDeskError('INDEX_BUSY', 'link index', 'Identifiers are being taken in. Ask again in a moment.');
  }

  /** @throws LinkDeskError `SUBJECT_UNKNOWN` */
  componentOf(subject: Buffer): Component {
    const found = this.components.find(({ subjects }) => subjects.some((member) => member.equals(subject)));
    if (found !== undefined) return found;
    throw new LinkDeskError('SUBJECT_UNKNOWN', subject.toString('hex'), 'No identifiers were taken in for this subject: name it as the list of conflicts or a participant names it.');
  }

  /** What operators have said last of each decision on anybody here. */
  get words(): readonly DecisionWord[] {
    return latestWords([...this.closure.subjects.values()].flatMap(({ wordsAfter }) => wordsAfter));
  }

  tell(component: Component): ToldPerson {
    return { participant: participantOf(this.platformKey, component.leastSubject).toString('hex'), subjects: component.subjects.map((subject) => this.#tellSubject(subject)), conflicts: component.conflicts };
  }

  /** Why two subjects of one component are one person. */
  path(component: Component, from: readonly Buffer[], to: readonly Buffer[]): ToldPath | null {
    const path = linkPath(component, from, to);
    return path === null ? null : this.#tellPath(path);
  }

  /**
   * What brought two values of a kind together that nobody has answered: the way from somebody with one to the nearest with
   * another, and the latest word of a source on it, by the source's own clock; null for a component without such a conflict.
   */
  meeting(component: Component): { readonly kind: ConflictKind; readonly since: number; readonly path: ToldPath } | null {
    const [contested] = component.contested;
    if (contested === undefined) return null;
    const { kind, holders: [first = [], ...others] } = contested;
    const path = linkPath(component, first, others.flat());
    if (path === null) return null;
    const passed = [path.from, ...path.steps.map(({ subject }) => subject)];
    const instants = passed.flatMap((subject) => (this.closure.subjects.get(subject.toString('hex'))?.after.facts ?? []).flatMap(({ identifiers, instant }) => (identifiers === null ? [] : [instant])));
    return { kind, since: Math.max(...instants), path: this.#tellPath(path) };
  }

  /** Participants before and after what is supposed, each that is not the same. */
  changes(): { readonly before: readonly ToldPerson[]; readonly after: readonly ToldPerson[] } {
    const before = new Map<string, Buffer[]>();
    for (const { subject, participantBefore } of this.closure.subjects.values()) {
      if (participantBefore === null) continue;
      before.set(participantBefore.toString('hex'), [...(before.get(participantBefore.toString('hex')) ?? []), subject]);
    }
    const membersOf = (subjects: readonly Buffer[]) => subjects.map((subject) => subject.toString('hex')).sort().join();
    const after = this.components.map((component) => this.tell(component));
    const same = new Set(after.filter(({ participant, subjects }) => membersOf(before.get(participant) ?? []) === subjects.map(({ subject }) => subject).sort().join()).map(({ participant }) => participant));
    return {
      before: [...before].flatMap(([participant, subjects]) => (same.has(participant) ? [] : [{ participant, subjects: subjects.sort((a, b) => a.compare(b)).map((subject) => this.#tellSubject(subject)), conflicts: [] }])),
      after: after.filter(({ participant }) => !same.has(participant)),
    };
  }

  #tellSubject(subject: Buffer): ToldSubject {
    const key = subject.toString('hex');
    return { subject: key, deployments: this.closure.subjects.get(key)?.after.deployments ?? [] };
  }

  #tellPath({ from, steps }: LinkPath): ToldPath {
    return { from: this.#tellSubject(from), steps: steps.map(({ rule, subject }) => ({ rule, ...this.#tellSubject(subject) })) };
  }
}
