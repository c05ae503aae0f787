import { setTimeout as pause } from 'node:timers/promises';
import { links } from '@throughline/local';
import { AcknowledgedDecisions } from './acknowledged-decisions.js';
import type { Random } from './random.js';

export interface OperatorsOptions {
  readonly linkageUrl: string;
  readonly random: Random;
  readonly signal: AbortSignal;
  /** Told what could not be done, in a sentence. */
  readonly tell: (line: string) => void;
}

export interface Decisions {
  readonly splits: number;
  readonly joins: number;
  /** Before and while all were taken back. */
  readonly withdrawals: number;
  /** Once all were taken back. */
  readonly inForce: number;
}

const SUBJECT = /^ +([0-9a-f]{32}) {2}/gm;
const IN_CONFLICT = /^participant ([0-9a-f]{32}): /gm;
const IN_FORCE = /^([0-9a-f]{32}) {2}(?:SPLIT|JOIN) (?!.*, withdrawn)/gm;
const DECIDED = /^Decision ([0-9a-f]{32}) is in the log/m;
const OPERATOR = 'a.lindqvist';
const AGAIN_MS = 200;
/** What passes while parts are away; anything else is a fault. */
const PASSES = new Set(['NOT_REACHABLE', 'SERVICE_FAILED']);

const found = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, id]) => id ?? '');

/** People who look at conflicts and decide, by the command that operators use, again and again until linkage answers. */
export class Operators {
  readonly acknowledged = new AcknowledgedDecisions();
  readonly #counts = { splits: 0, joins: 0, withdrawals: 0 };
  #work: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: OperatorsOptions) {}

  /** One thing more to do, after those before it. */
  decideSomething(): void {
    this.#work = this.#work.then(() => this.#decide());
    // Told by `done`.
    this.#work.catch(() => undefined);
  }

  /** Waits for what was begun, and throws what stood in its way. */
  async done(): Promise<void> {
    await this.#work;
  }

  /**
   * Takes back everything that holds, and says what was decided. To be called once linkage has read all that was decided:
   * an answer that was lost may have been a decision.
   */
  async takeAllBack(): Promise<Decisions> {
    for (const decision of found(await this.#operate('list', '--most', '1'), IN_FORCE)) await this.#withdraw(decision);
    return { ...this.#counts, inForce: found(await this.#operate('list', '--most', '1'), IN_FORCE).length };
  }

  async #decide(): Promise<void> {
    const { random } = this.options;
    const list = await this.#operate('list');
    const [held, people] = [found(list, IN_FORCE), found(list, IN_CONFLICT)];
    if (held.length > 0 && (people.length === 0 || random.chance(0.3))) return this.#withdraw(held[random.below(held.length)]!);
    const [one, other] = random.shuffled(people);
    if (one === undefined) return;
    const subjects = random.shuffled(await this.#subjectsOf(one));
    if (other !== undefined && random.chance(0.3)) {
      const joined = [subjects[0], (await this.#subjectsOf(other))[0]].filter((subject) => subject !== undefined);
      if (joined.length === 2 && (await this.#commit('CONFIRMED_BY_PARTNER', 'join', ...joined))) this.#counts.joins += 1;
    } else if (subjects.length > 1 && (await this.#commit('MISTYPED_IDENTIFIER', 'split', subjects[0]!))) this.#counts.splits += 1;
  }

  async #withdraw(decision: string): Promise<void> {
    const told = await this.#operate('withdraw', decision, '--by', OPERATOR, '--reason', 'DECIDED_IN_ERROR');
    const done = DECIDED.test(told);
    if (done) this.#counts.withdrawals += 1;
    // The answer to an earlier try was lost.
    if (done || told.includes('ALREADY_WITHDRAWN')) this.acknowledged.takenBack(decision);
  }

  /** Those of a participant; none where it has become somebody else since. */
  async #subjectsOf(participant: string): Promise<string[]> {
    const told = await this.#operate('explain', participant);
    return found(told.split('\nJoined by:')[0]?.split('\nNothing joins')[0] ?? '', SUBJECT);
  }

  async #commit(reason: string, ...words: string[]): Promise<boolean> {
    const decision = DECIDED.exec(await this.#operate(...words, '--commit', '--by', OPERATOR, '--reason', reason))?.[1];
    if (decision !== undefined) this.acknowledged.made(decision);
    return decision !== undefined;
  }

  /** What the command prints; the refusal where it is refused for what has changed since it was looked at. */
  async #operate(...words: string[]): Promise<string> {
    const { linkageUrl, signal, tell } = this.options;
    for (;;) {
      signal.throwIfAborted();
      try {
        return await links(words, linkageUrl);
      } catch (error) {
        const { code, message } = error as { readonly code?: string; readonly message: string };
        if (code === undefined || !PASSES.has(code)) throw error;
        if (/SUBJECT_UNKNOWN|DECISION_EMPTY|DECISION_UNKNOWN|ALREADY_WITHDRAWN|TOO_MANY_SUBJECTS/.test(message)) {
          tell(`operators: ${words[0]}: ${message}`);
          return message;
        }
        await pause(AGAIN_MS, undefined, { signal });
      }
    }
  }
}
