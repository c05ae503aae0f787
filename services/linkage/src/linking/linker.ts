import { LINKING_RULES_2026_1 } from '@throughline/identity';
import type { LinkingRules } from '@throughline/identity';
import type { LinkWrite } from '@throughline/state-store';
import { withFact } from '../identifiers/subject-record.js';
import { subjectsNamed, withWord } from '../decisions/decision-words.js';
import type { DecisionWord } from '../decisions/decision-words.js';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import { readClosure } from './closure.js';
import type { IndexReader, News } from './closure.js';
import { IndexMoved } from './index-moved.js';
import { planLinks } from './plan-links.js';

/** The index as a linker needs it. */
export interface LinkTarget extends IndexReader {
  next(partition: string): Promise<number>;
  write(write: LinkWrite): Promise<boolean>;
}

export interface LinkerOptions {
  readonly index: LinkTarget;
  /** 32 bytes; the same buffer always. */
  readonly platformKey: Uint8Array;
  /** 12 bytes that never repeat: for stamps and marks. */
  readonly newId: () => Buffer;
  /** Default: the newest. */
  readonly rules?: LinkingRules;
  /** How often a batch is linked anew when others keep changing the index, before the partition is read again. Default 20. */
  readonly attempts?: number;
}

/** Consecutive messages of one partition of `subject-identifiers` or `link-decisions`. */
export interface LinkingBatch {
  /** Of the identifiers. */
  readonly deployment: string;
  /** Its location. */
  readonly partition: string;
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly messages: readonly IdentifierMessage[];
  /** What operators say; default nothing. */
  readonly decisions?: readonly DecisionWord[];
}

/**
 * `linked`: it is in the index; `newPlaceholders` identifiers came to be held by more subjects than one person can be, and
 * link nobody from now on. `overtaken`: another worker has moved the partition, nothing was written.
 */
export type LinkResult =
  | { readonly outcome: 'linked'; readonly dirty: number; readonly newPlaceholders: number }
  | { readonly outcome: 'overtaken' };

/** Takes identifiers into the link index: one fenced script a batch, with offset and marks. Remembers nothing between batches. */
export class Linker {
  constructor(private readonly options: LinkerOptions) {}

  async link(batch: LinkingBatch): Promise<LinkResult> {
    const { index, attempts = 20 } = this.options;
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      if ((await index.next(batch.partition)) !== batch.firstOffset) return { outcome: 'overtaken' };
      try {
        return await this.#attempt(batch);
      } catch (error) {
        if (!(error instanceof IndexMoved)) throw error;
      }
    }
    return { outcome: 'overtaken' };
  }

  async #attempt(batch: LinkingBatch): Promise<LinkResult> {
    const { index, platformKey, newId, rules = LINKING_RULES_2026_1 } = this.options;
    const closure = await readClosure(index, newsOf(batch), rules.mostSubjectsPerToken.value);
    const stamp = closure.subjects.size === 0 ? (await index.read('subject', [])).stamp : closure.stamp;
    const { changes, dirtyRoots } = planLinks(closure, platformKey);
    const written = await index.write({
      expectedStamp: stamp,
      stamp: newId(),
      partition: batch.partition,
      expectedNext: batch.firstOffset,
      next: batch.nextOffset,
      changes,
      mark: dirtyRoots.length === 0 ? null : { id: newId(), roots: Buffer.concat(dirtyRoots) },
    });
    if (!written) throw new IndexMoved();
    return { outcome: 'linked', dirty: dirtyRoots.length, newPlaceholders: closure.newPlaceholders };
  }
}

/** What a batch says of each subject, in the order in which it stands there. */
export function newsOf({ deployment, messages, decisions = [] }: Pick<LinkingBatch, 'deployment' | 'messages' | 'decisions'>): News {
  const said = new Map<string, { readonly subject: Buffer; readonly facts: IdentifierMessage[]; readonly words: DecisionWord[] }>();
  const of = (subject: Buffer) => {
    const key = subject.toString('hex');
    let known = said.get(key);
    if (known === undefined) said.set(key, (known = { subject, facts: [], words: [] }));
    return known;
  };
  for (const message of messages) of(message.subject).facts.push(message);
  for (const word of decisions) for (const subject of subjectsNamed(word)) of(subject).words.push(word);
  return {
    subjects: [...said.values()].map(({ subject }) => subject),
    record: (subject, before) => (said.get(subject)?.facts ?? []).reduce((record, { fact }) => withFact(record, fact, deployment), before),
    words: (subject, before) => (said.get(subject)?.words ?? []).reduce(withWord, before),
  };
}
