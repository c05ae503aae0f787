import type { IdentifierKind, SubjectIdentifier } from '@throughline/event-contracts';
import type { PairVerdicts } from './link-decisions.js';

/** A subject with its identifiers in force, over all kinds of record that name it. */
export interface SubjectIdentity {
  /** 16 bytes. */
  readonly subject: Buffer;
  readonly identifiers: readonly SubjectIdentifier[];
}

/** Who holds one token. */
export interface Holders {
  readonly kind: IdentifierKind;
  /** Values compare with those of the same key only. */
  readonly keyId: string;
  /** Subject numbers, ascending, each once. */
  readonly members: readonly number[];
}

/** Ascending by subject, each subject once with all its identifiers. */
export function distinctSubjects(subjects: readonly SubjectIdentity[]): SubjectIdentity[] {
  const sorted = [...subjects].sort((left, right) => left.subject.compare(right.subject));
  const distinct: SubjectIdentity[] = [];
  for (const identity of sorted) {
    const last = distinct.at(-1);
    if (last?.subject.equals(identity.subject)) {
      distinct[distinct.length - 1] = { subject: last.subject, identifiers: [...last.identifiers, ...identity.identifiers] };
    } else {
      distinct.push(identity);
    }
  }
  return distinct;
}

export function holdersByToken(ordered: readonly SubjectIdentity[]): Holders[] {
  const holders = new Map<string, Holders & { readonly members: number[] }>();
  ordered.forEach(({ identifiers }, member) => {
    for (const { kind, token } of identifiers) {
      if (token === null) continue;
      // The value is of fixed length and stands last, so a key id cannot run into it.
      const key = `${kind}|${token.keyId}|${token.value.toString('hex')}`;
      const known = holders.get(key);
      if (known === undefined) holders.set(key, { kind, keyId: token.keyId, members: [member] });
      else if (known.members.at(-1) !== member) known.members.push(member);
    }
  });
  return [...holders.values()];
}

/** Without whoever shares a joining token with somebody it was moved out from: as if it had never been given for them. */
export function withoutMoved(holders: Holders, verdicts: PairVerdicts): Holders {
  const { members } = holders;
  if (!members.some((member) => verdicts.named.has(member))) return holders;
  return { ...holders, members: members.filter((member) => !members.some((other) => verdicts.isMovedFrom(member, other))) };
}
