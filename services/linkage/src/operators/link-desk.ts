import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { OutgoingRecord } from '@throughline/event-bus';
import { encodeRecord, LINK_DECISIONS } from '@throughline/event-contracts';
import type { LinkDecision } from '@throughline/event-contracts';
import { ID_BYTES } from '@throughline/state-store';
import type { LinkIndex } from '@throughline/state-store';
import { decisionWord, latestWords, MOST_SUBJECTS_OF_A_DECISION, unpackDecisionWords, withWord } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import { unpackConflict } from '../linking/conflict-record.js';
import type { DecisionRequest, PreviewRequest, WithdrawalRequest } from './decision-request.js';
import { KnownPeople } from './known-people.js';
import type { ToldPath, ToldPerson } from './known-people.js';
import { LinkDeskError } from './link-desk-error.js';

export interface LinkDeskOptions {
  /** Index of the generation that is shown, or else of the newest. @throws LinkDeskError `NO_GENERATION` */
  readonly index: () => Promise<LinkIndex>;
  readonly platformKey: Uint8Array;
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly now: () => number;
  /** Default the contract's. */
  readonly topic?: string;
  /** How long an answer waits until the decision is taken in, milliseconds; default 10,000. */
  readonly patienceMs?: number;
}

/** A decision as it is told. */
export interface ToldDecision {
  readonly decision: string;
  readonly state: 'IN_FORCE' | 'WITHDRAWN';
  readonly kind: 'SPLIT' | 'JOIN';
  readonly subjects: readonly string[];
  readonly apartFrom: readonly string[];
  /** ISO instant of its last word. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
  readonly note: string | null;
}

/** What was written, and whether it is in the links already. */
export interface Decided {
  readonly decision: string;
  readonly takenIn: boolean;
}

const LOOK_MS = 50;

/** Where operators ask who is who and why, and decide. It reads the index and writes to the log, never the other way. */
export class LinkDesk {
  constructor(private readonly options: LinkDeskOptions) {}

  /** Participants to be looked at, by participant; `open` counts all of them. */
  async conflicts(most: number): Promise<{ readonly open: number; readonly conflicts: readonly object[] }> {
    const index = await this.options.index();
    const all = [...(await index.dump('conflict')).entries()].sort(([a], [b]) => (a < b ? -1 : 1));
    const conflicts: object[] = [];
    for (const [participant, packed] of all.slice(0, most)) {
      const { leastSubject, kinds } = unpackConflict(Buffer.from(packed, 'hex'));
      const people = await this.#around(index, [leastSubject]);
      const component = people.components.find(({ leastSubject: least }) => least.equals(leastSubject));
      // Settled since the list was read.
      if (component === undefined || component.conflicts.length === 0) continue;
      const meeting = people.meeting(component);
      conflicts.push({
        participant,
        kinds,
        since: meeting === null ? null : new Date(meeting.since).toISOString(),
        metBy: meeting === null ? null : { kind: meeting.kind, ...meeting.path },
        subjects: people.tell(component).subjects,
      });
    }
    return { open: all.length, conflicts };
  }

  /** A participant, by itself or by one of its subjects: who it is, every join that holds, every decision on any of them. */
  async person(id: Buffer): Promise<ToldPerson & { readonly joins: readonly object[]; readonly decisions: readonly ToldDecision[] }> {
    const index = await this.options.index();
    const [membership] = await index.membersOf([{ participant: id, root: null }]);
    const subject = membership?.known === true ? (membership.members[0]?.subject ?? id) : id;
    const people = await this.#around(index, [subject]);
    const component = people.componentOf(subject);
    const members = new Set(component.subjects.map((each) => each.toString('hex')));
    return {
      ...people.tell(component),
      joins: component.joins.map(({ rule, subjects }) => ({ rule, subjects: subjects.map((each) => each.toString('hex')) })),
      decisions: people.words.map(tellDecision).filter(({ subjects, apartFrom }) => [...subjects, ...apartFrom].some((each) => members.has(each))),
    };
  }

  /** Why two subjects are one participant, or that they are not. */
  async explain(from: Buffer, to: Buffer): Promise<{ readonly one: boolean; readonly participants: readonly string[]; readonly path: ToldPath | null; readonly decisions: readonly ToldDecision[] }> {
    const people = await this.#around(await this.options.index(), [from, to]);
    const components = [people.componentOf(from), people.componentOf(to)] as const;
    const both = [from, to].map((subject) => subject.toString('hex'));
    return {
      one: components[0] === components[1],
      participants: [...new Set(components.map((component) => people.tell(component).participant))],
      path: components[0] === components[1] ? people.path(components[0], [from], [to]) : null,
      decisions: people.words.map(tellDecision).filter(({ subjects, apartFrom }) => both.every((each) => subjects.includes(each) || apartFrom.includes(each))),
    };
  }

  /** Every decision there is, the latest word first. */
  async decisions(): Promise<readonly ToldDecision[]> {
    return (await this.#words()).map(tellDecision).sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1));
  }

  /** What a decision would change, and whom it would name. Nothing is written. */
  async preview(request: PreviewRequest): Promise<{ readonly subjects: readonly string[]; readonly apartFrom: readonly string[]; readonly before: readonly ToldPerson[]; readonly after: readonly ToldPerson[] }> {
    const word = await this.#wordOf({ ...request, by: 'preview', reason: 'OTHER' });
    const people = await this.#around(await this.options.index(), [], [word]);
    const { subjects, apartFrom } = tellDecision(word);
    return { subjects, apartFrom, ...people.changes() };
  }

  async decide(request: DecisionRequest): Promise<Decided> {
    return this.#say(await this.#wordOf(request));
  }

  /** @param decision 32 hexadecimal digits. */
  async withdraw(decision: string, { by, reason, note }: WithdrawalRequest): Promise<Decided> {
    const known = (await this.#words()).find(({ id }) => id === decision);
    if (known === undefined) throw new LinkDeskError('DECISION_UNKNOWN', decision, 'Name it as the list of decisions does.');
    if (known.record.change === 'WITHDRAWN') throw new LinkDeskError('ALREADY_WITHDRAWN', decision, 'Nothing to do: it has been taken back. Decide anew instead, if it should hold again.');
    const decidedAt = this.#after([known]);
    return this.#say(decisionWord({ ...known.record, change: 'WITHDRAWN', decidedAt, decidedBy: by, reason, note: note ?? null }));
  }

  /** A decision as it would be said now: later than whatever was said of the same subjects. */
  async #wordOf({ kind, subjects, apartFrom, by, reason, note }: DecisionRequest): Promise<DecisionWord> {
    const people = await this.#around(await this.options.index(), [...subjects, ...(apartFrom ?? [])]);
    const components = [...subjects, ...(apartFrom ?? [])].map((subject) => people.componentOf(subject));
    const isNamed = (each: Buffer) => subjects.some((subject) => subject.equals(each));
    const others = kind === 'JOIN' ? [] : (apartFrom ?? [...new Set(components)].flatMap((component) => component.subjects).filter((each) => !isNamed(each)));
    if (kind === 'SPLIT' && (subjects.length === 0 || others.length === 0)) {
      throw new LinkDeskError('DECISION_EMPTY', 'subjects', 'Name some, not all, of the subjects of a participant, or say from whom they are to be kept apart.');
    }
    if (kind === 'JOIN' && subjects.length < 2) throw new LinkDeskError('DECISION_EMPTY', 'subjects', 'Name two subjects or more.');
    if (subjects.length + others.length > MOST_SUBJECTS_OF_A_DECISION) {
      throw new LinkDeskError('TOO_MANY_SUBJECTS', 'subjects', `One decision names at most ${MOST_SUBJECTS_OF_A_DECISION}: say from which they are to be kept apart, and make several.`);
    }
    const record: LinkDecision = {
      decision: randomBytes(ID_BYTES),
      change: 'MADE',
      kind,
      subjects,
      apartFrom: others,
      decidedAt: this.#after(people.words),
      decidedBy: by,
      reason,
      note: note ?? null,
    };
    return decisionWord(record);
  }

  #after(words: readonly DecisionWord[]): number {
    return Math.max(this.options.now(), ...words.map(({ record }) => record.decidedAt + 1));
  }

  /** Into the log, acknowledged; then waits a while until the links say so. */
  async #say(word: DecisionWord): Promise<Decided> {
    const { publish, topic = LINK_DECISIONS, patienceMs = 10_000 } = this.options;
    const value = encodeRecord('LinkDecision', word.record);
    const digest = createHash('sha256').update(value).digest().subarray(0, ID_BYTES);
    await publish([{ topic, partition: 0, key: Buffer.concat([word.record.decision, digest]), value }]);
    const until = performance.now() + patienceMs;
    do {
      if (await this.#isTakenIn(word)) return { decision: word.id, takenIn: true };
      await pause(LOOK_MS);
    } while (performance.now() < until);
    return { decision: word.id, takenIn: false };
  }

  async #isTakenIn(word: DecisionWord): Promise<boolean> {
    const { values } = await (await this.options.index()).read('decision', [word.record.subjects[0]!]);
    const words = values[0] ? unpackDecisionWords(values[0]) : [];
    return words.some(({ id }) => id === word.id) && withWord(words, word) === words;
  }

  async #words(): Promise<readonly DecisionWord[]> {
    const stored = await (await this.options.index()).dump('decision');
    return latestWords([...stored.values()].flatMap((packed) => unpackDecisionWords(Buffer.from(packed, 'hex'))));
  }

  #around(index: LinkIndex, subjects: readonly Buffer[], supposed: readonly DecisionWord[] = []): Promise<KnownPeople> {
    return KnownPeople.around(index, this.options.platformKey, subjects, supposed);
  }
}

const hex = (subjects: readonly Buffer[]): string[] => subjects.map((subject) => subject.toString('hex'));

const tellDecision = ({ id, record }: DecisionWord): ToldDecision => ({
  decision: id,
  state: record.change === 'MADE' ? 'IN_FORCE' : 'WITHDRAWN',
  kind: record.kind,
  subjects: hex(record.subjects),
  apartFrom: hex(record.apartFrom),
  at: new Date(record.decidedAt).toISOString(),
  by: record.decidedBy,
  reason: record.reason,
  note: record.note,
});
