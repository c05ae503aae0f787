import { decodeEvent, decodeRecord, LINK_DECISIONS } from '@throughline/event-contracts';
import type { LinkDecision, SubjectIdentifier } from '@throughline/event-contracts';
import { linkClosure } from '@throughline/identity';
import { contributions, entryFromEvent, factsOf, isFactKind, LATEST_RULES, mergeEntry } from '@throughline/outcome-metrics';
import type { FactKind, RuleSet, Timeline } from '@throughline/outcome-metrics';
import type { FictionalRecord } from './fictional-log.js';

type DecodedFact = Extract<ReturnType<typeof decodeEvent>, { readonly type: FactKind }>;
const isFactEvent = (event: ReturnType<typeof decodeEvent>): event is DecodedFact => isFactKind(event.type);

interface Word {
  readonly subject: Buffer;
  readonly instant: number;
  readonly hash: string;
  readonly identifiers: readonly SubjectIdentifier[];
}

const isLaterWord = (word: Word, known: Word): boolean => word.instant > known.instant || (word.instant === known.instant && word.hash > known.hash);
const isLaterDecision = (word: LinkDecision, known: LinkDecision): boolean =>
  word.decidedAt > known.decidedAt || (word.decidedAt === known.decidedAt && word.change === 'WITHDRAWN');

/** What records come to: facts by subject, and the last word on who each subject is. */
class InForce {
  readonly timelines = new Map<string, Timeline>();
  readonly #words = new Map<string, Word>();
  readonly #decisions = new Map<string, LinkDecision>();

  take({ topic, value }: Pick<FictionalRecord, 'topic' | 'value'>): void {
    if (topic === LINK_DECISIONS) this.#takeDecision(value);
    else this.#takeEvent(value);
  }

  /** Subjects of each person, as latin1. */
  *people(): Generator<readonly string[]> {
    const decisions = [...this.#decisions].flatMap(([id, { change, kind, decidedAt, subjects, apartFrom }]) =>
      change === 'MADE' && kind !== 'UNKNOWN' ? [{ id, kind, decidedAt, subjects, apartFrom }] : [],
    );
    const linked = new Set<string>();
    for (const { subjects } of linkClosure([...this.#words.values()], undefined, decisions)) {
      const person = subjects.map((subject) => subject.toString('latin1'));
      for (const subject of person) linked.add(subject);
      yield person;
    }
    for (const subject of this.timelines.keys()) if (!linked.has(subject)) yield [subject];
  }

  #takeDecision(value: Buffer): void {
    const decoded = decodeRecord(value);
    if (decoded.type !== 'LinkDecision') return;
    const id = decoded.value.decision.toString('hex');
    const known = this.#decisions.get(id);
    if (known === undefined || isLaterDecision(decoded.value, known)) this.#decisions.set(id, decoded.value);
  }

  #takeEvent(value: Buffer): void {
    const event = decodeEvent(value);
    if (event.type === 'SubjectIdentified') {
      const { meta, identifiers } = event.value;
      const id = meta.factId.toString('hex');
      const word = { subject: meta.subject, instant: meta.revision.instant, hash: meta.contentHash.toString('hex'), identifiers: meta.change === 'STATED' ? identifiers : [] };
      const known = this.#words.get(id);
      if (known === undefined || isLaterWord(word, known)) this.#words.set(id, word);
    } else if (isFactEvent(event)) {
      const { subject, entry } = entryFromEvent(event);
      let timeline = this.timelines.get(subject);
      if (timeline === undefined) this.timelines.set(subject, (timeline = new Map() as Timeline));
      mergeEntry(timeline, entry);
    }
  }
}

/** The cells that records add up to, straight from the rules, without any of the services' machinery. */
export function cellsOf(records: Iterable<Pick<FictionalRecord, 'topic'> & { readonly value: Buffer | null }>, rules: RuleSet = LATEST_RULES): Map<string, number> {
  const inForce = new InForce();
  for (const { topic, value } of records) if (value !== null) inForce.take({ topic, value });
  const cells = new Map<string, number>();
  for (const person of inForce.people()) {
    const timelines = person.flatMap((subject) => inForce.timelines.get(subject) ?? []);
    for (const [cell, count] of contributions(factsOf(timelines), rules)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return cells;
}
