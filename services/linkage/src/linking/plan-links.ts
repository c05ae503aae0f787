import { linkClosure, participantOf } from '@throughline/identity';
import type { Component } from '@throughline/identity';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { packMembers } from '@throughline/state-store';
import type { LinkChange } from '@throughline/state-store';
import { decisionsInForce, packDecisionWords } from '../decisions/decision-words.js';
import { identifiersInForce, packSubjectRecord } from '../identifiers/subject-record.js';
import { packConflict } from './conflict-record.js';
import { tokenFieldOf, tokenFieldsOf } from './closure.js';
import type { AffectedSubject, Closure } from './closure.js';

/** What a batch does to the index. */
export interface LinkPlan {
  readonly changes: readonly LinkChange[];
  /** Roots of the participants that lost or gained a subject, or a place where one of theirs is told of. */
  readonly dirtyRoots: readonly Buffer[];
}

/**
 * Who everybody in the closure is now. A function of identifiers and decisions in force alone: the same ones taken in by any
 * other way leave the same index.
 */
export function planLinks(closure: Closure, platformKey: Uint8Array): LinkPlan {
  const everybody = [...closure.subjects.values()];
  const changed = everybody.filter(({ before, after }) => after !== before);
  const decided = everybody.filter(({ wordsBefore, wordsAfter }) => wordsAfter !== wordsBefore);
  if (changed.length === 0 && decided.length === 0) return { changes: [], dirtyRoots: [] };

  const changes: LinkChange[] = changed.map(({ subject, after }) => ({ hash: 'identity', field: subject, value: packSubjectRecord(after) }));
  changes.push(...decided.map(({ subject, wordsAfter }): LinkChange => ({ hash: 'decision', field: subject, value: packDecisionWords(wordsAfter) })));
  changes.push(...tokenChanges(closure, changed));

  const membersBefore = new Map<string, AffectedSubject[]>();
  for (const affected of everybody) {
    if (affected.participantBefore === null) continue;
    const participant = affected.participantBefore.toString('hex');
    const members = membersBefore.get(participant);
    if (members === undefined) membersBefore.set(participant, [affected]);
    else members.push(affected);
  }
  const dirty = new Map<string, Buffer>();
  const standing = new Set<string>();
  for (const { leastSubject, subjects, conflicts } of componentsOf(closure)) {
    const participant = participantOf(platformKey, leastSubject);
    const key = participant.toString('hex');
    standing.add(key);
    const members = subjects.map((subject) => closure.subjects.get(subject.toString('hex'))!);
    for (const { subject, participantBefore } of members) {
      if (participantBefore?.equals(participant)) continue;
      changes.push({ hash: 'subject', field: subject, value: participant });
      // Whoever the index never heard of was counted as a participant of one subject.
      if (participantBefore === null) dirty.set(subject.toString('hex'), subject);
    }
    const conflict = conflicts.length === 0 ? null : packConflict({ leastSubject, kinds: conflicts });
    const known = closure.conflicts.get(key);
    if (conflict === null ? known !== undefined : known === undefined || !conflict.equals(known)) changes.push({ hash: 'conflict', field: participant, value: conflict });
    const packed = packMembers(members.map(({ subject, after }) => ({ subject, deployments: after.deployments })));
    if (packed.equals(packBefore(membersBefore.get(key) ?? []))) continue;
    changes.push({ hash: 'participant', field: participant, value: packed });
    dirty.set(leastSubject.toString('hex'), leastSubject);
  }
  for (const [participant, members] of membersBefore) {
    if (standing.has(participant)) continue;
    const root = ascending(members)[0]!.subject;
    changes.push({ hash: 'participant', field: Buffer.from(participant, 'hex'), value: null });
    if (closure.conflicts.has(participant)) changes.push({ hash: 'conflict', field: Buffer.from(participant, 'hex'), value: null });
    dirty.set(root.toString('hex'), root);
  }
  return { changes, dirtyRoots: [...dirty.values()] };
}

/** Who is one person once the batch is taken in. */
export function componentsOf(closure: Closure): Component[] {
  const everybody = [...closure.subjects.values()];
  const inForce = everybody.filter(({ after }) => after.deployments.length > 0);
  // Placeholders are left out by everybody who holds them: of those found here no more are counted.
  return linkClosure(
    inForce.map(({ subject, after }) => ({ subject, identifiers: identifiersInForce(after).filter(isSomebodys(closure)) })),
    Infinity,
    decisionsInForce(everybody.flatMap(({ wordsAfter }) => wordsAfter)),
  );
}

/** Whether an identifier can be a person's, by everybody who holds it, in the closure or not. */
const isSomebodys =
  ({ placeholders }: Closure) =>
  (identifier: SubjectIdentifier): boolean => {
    const field = tokenFieldOf(identifier);
    return field === null || !placeholders.has(field.toString('hex'));
  };

/** Holders of each token that a changed subject lost or gained, ascending. */
function tokenChanges({ holders }: Closure, changed: readonly AffectedSubject[]): LinkChange[] {
  const touched = new Map<string, { readonly field: Buffer; readonly now: Map<string, Buffer> }>();
  const holdersNow = (key: string, field: Buffer) => {
    let entry = touched.get(key);
    if (entry === undefined) {
      entry = { field, now: new Map((holders.get(key) ?? []).map((subject) => [subject.toString('hex'), subject])) };
      touched.set(key, entry);
    }
    return entry.now;
  };
  for (const { subject, before, after } of changed) {
    const had = tokenFieldsOf(identifiersInForce(before));
    const has = tokenFieldsOf(identifiersInForce(after));
    for (const [key, field] of had) if (!has.has(key)) holdersNow(key, field).delete(subject.toString('hex'));
    for (const [key, field] of has) if (!had.has(key)) holdersNow(key, field).set(subject.toString('hex'), subject);
  }
  return [...touched.values()].map(({ field, now }) => ({
    hash: 'token',
    field,
    value: now.size === 0 ? null : Buffer.concat([...now.values()].sort((a, b) => a.compare(b))),
  }));
}

const ascending = (members: readonly AffectedSubject[]) => [...members].sort((a, b) => a.subject.compare(b.subject));

const packBefore = (members: readonly AffectedSubject[]) =>
  packMembers(ascending(members).map(({ subject, before }) => ({ subject, deployments: before.deployments })));
