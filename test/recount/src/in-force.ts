import { interval } from './days.js';
import { factName } from './told.js';
import type { Body, Clock, Coverage, Section } from './told.js';

/** A fact as it stands when every file has been read. */
export interface InForce {
  readonly deployment: string;
  readonly system: string;
  readonly agreement: string;
  /** The source's reference of the person, unique with deployment and system. */
  readonly reference: string;
  readonly scope: string;
  readonly name: string;
  readonly key: readonly string[];
  readonly programme: string | null;
  readonly start: number;
  readonly end: number;
  readonly body: Body;
}

/** Where a file came from and what it was sent with. */
export interface Origin {
  readonly deployment: string;
  readonly system: string;
  readonly agreement: string;
  readonly programme: string | null;
}

interface Statement {
  readonly clock: Clock;
  readonly family: string | null;
  readonly part: string | null;
  /** Day by which partial snapshots cover it. */
  readonly covered: number;
  /** Null: withdrawn by name. */
  readonly fact: InForce | null;
  /** Orders two statements of one clock; empty for a withdrawal. */
  readonly content: string;
}

interface Snapshot {
  readonly clock: Clock;
  readonly coverage: Coverage;
  readonly told: ReadonlySet<string>;
  readonly refused: ReadonlySet<string | null>;
}

const compareClocks = (left: Clock, right: Clock): number => left.instant - right.instant || left.sequence - right.sequence;

const beats = (left: Statement, right: Statement): boolean => {
  const order = compareClocks(left.clock, right.clock);
  return order > 0 || (order === 0 && left.content > right.content);
};

/**
 * What holds when everything sent has been heard, whatever the order. Of each fact the latest word, unless a later snapshot
 * that covers it could read the person and does not have it, or has every reference readable and does not have the person.
 */
export class Ledger {
  readonly #words = new Map<string, Map<string, Statement>>();
  readonly #snapshots = new Map<string, Snapshot[]>();
  #ambiguous = 0;

  /** Facts of which two different words have one clock: what stands is then a matter of hashes, which no recount knows. */
  get ambiguous(): number {
    return this.#ambiguous;
  }

  hear(section: Section, origin: Origin): void {
    const source = `${origin.deployment}\u0000${origin.system}`;
    for (const { reference, facts, withdrawn } of section.records) {
      const subject = `${source}\u0000${reference}`;
      for (const fact of facts) {
        const scope = fact.scope ?? section.scope;
        const name = factName(scope, fact.body.type, fact.key);
        const programme = fact.programme ?? origin.programme;
        const told: InForce = { ...origin, programme, reference, scope, name, key: fact.key, ...interval(fact.occurredOn), body: fact.body };
        // When a source identified somebody decides nothing.
        const content = JSON.stringify([fact.body.type === 'SubjectIdentified' ? null : fact.occurredOn, programme, fact.body]);
        this.#word(subject, scope, name, { clock: section.clock, family: fact.family ?? null, part: fact.part ?? null, covered: interval(fact.coveredOn ?? fact.occurredOn).start, fact: told, content });
      }
      for (const { type, key } of withdrawn) {
        const name = factName(section.scope, type, key);
        this.#word(subject, section.scope, name, { clock: section.clock, family: null, part: null, covered: 0, fact: null, content: '' });
      }
    }
    if (section.coverage === null) return;
    const scope = `${source}\u0000${section.scope}`;
    const snapshots = this.#snapshots.get(scope) ?? [];
    snapshots.push({
      clock: section.clock,
      coverage: section.coverage,
      told: new Set(section.records.map((record) => record.reference)),
      refused: new Set(section.refused),
    });
    this.#snapshots.set(scope, snapshots);
  }

  /** Facts in force by subject. */
  *subjects(): Generator<readonly InForce[]> {
    for (const words of this.#words.values()) {
      const facts: InForce[] = [];
      for (const word of words.values()) if (word.fact !== null && !this.#silenced(word, word.fact)) facts.push(word.fact);
      if (facts.length > 0) yield facts;
    }
  }

  #word(subject: string, scope: string, name: string, statement: Statement): void {
    let words = this.#words.get(subject);
    if (words === undefined) this.#words.set(subject, (words = new Map<string, Statement>()));
    const fact = `${scope}\u0000${name}`;
    const known = words.get(fact);
    if (known !== undefined && statement.fact !== null && known.fact !== null) {
      if (compareClocks(known.clock, statement.clock) === 0 && known.content !== statement.content) this.#ambiguous += 1;
    }
    if (known === undefined || beats(statement, known)) words.set(fact, statement);
  }

  #silenced(word: Statement, fact: InForce): boolean {
    const snapshots = this.#snapshots.get(`${fact.deployment}\u0000${fact.system}\u0000${fact.scope}`) ?? [];
    return snapshots.some((snapshot) => {
      if (compareClocks(snapshot.clock, word.clock) <= 0 || !covers(snapshot.coverage, word)) return false;
      // Refused in part counts as refused: what could not be read is no absence.
      if (snapshot.refused.has(fact.reference)) return false;
      return snapshot.told.has(fact.reference) || !snapshot.refused.has(null);
    });
  }
}

function covers(coverage: Coverage, { family, part, covered }: Statement): boolean {
  if (part !== null && coverage.parts?.has(part) === true) return true;
  if (coverage.families !== null && (family === null || !coverage.families.includes(family))) return false;
  if (coverage.within === null) return true;
  return covered >= interval(coverage.within.from).start && covered <= interval(coverage.within.to).start;
}
