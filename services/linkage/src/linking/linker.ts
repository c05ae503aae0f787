import { LINKING_RULES_2026_1 } from '@throughline/identity';
import type { LinkingRules } from '@throughline/identity';
import type { LinkWrite } from '@throughline/state-store';
import { withFact } from '../identifiers/subject-record.js';
import type { IdentifierMessage } from '../identifiers/identifier-message.js';
import { readClosure } from './closure.js';
import type { IndexReader } from './closure.js';
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

/** Consecutive messages of one partition of `subject-identifiers`. */
export interface IdentifierBatch {
  readonly deployment: string;
  /** `<deployment>.<partition>` */
  readonly partition: string;
  readonly firstOffset: number;
  readonly nextOffset: number;
  readonly messages: readonly IdentifierMessage[];
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

  async link(batch: IdentifierBatch): Promise<LinkResult> {
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

  async #attempt({ deployment, partition, firstOffset, nextOffset, messages }: IdentifierBatch): Promise<LinkResult> {
    const { index, platformKey, newId, rules = LINKING_RULES_2026_1 } = this.options;
    const bySubject = new Map<string, { subject: Buffer; words: IdentifierMessage[] }>();
    for (const message of messages) {
      const key = message.subject.toString('hex');
      const known = bySubject.get(key);
      if (known === undefined) bySubject.set(key, { subject: message.subject, words: [message] });
      else known.words.push(message);
    }
    const closure = await readClosure(
      index,
      [...bySubject.values()].map(({ subject }) => subject),
      (subject, before) => (bySubject.get(subject)?.words ?? []).reduce((record, { fact }) => withFact(record, fact, deployment), before),
      rules.mostSubjectsPerToken.value,
    );
    const stamp = closure.subjects.size === 0 ? (await index.read('subject', [])).stamp : closure.stamp;
    const { changes, dirtyRoots } = planLinks(closure, platformKey);
    const written = await index.write({
      expectedStamp: stamp,
      stamp: newId(),
      partition,
      expectedNext: firstOffset,
      next: nextOffset,
      changes,
      mark: dirtyRoots.length === 0 ? null : { id: newId(), roots: Buffer.concat(dirtyRoots) },
    });
    if (!written) throw new IndexMoved();
    return { outcome: 'linked', dirty: dirtyRoots.length, newPlaceholders: closure.newPlaceholders };
  }
}
