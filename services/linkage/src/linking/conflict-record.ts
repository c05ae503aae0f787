import { CONFLICT_KINDS } from '@throughline/identity';
import type { ConflictKind } from '@throughline/identity';
import { ID_BYTES } from '@throughline/state-store';

/** A participant that people have to look at. */
export interface ConflictRecord {
  readonly leastSubject: Buffer;
  /** In the order of {@link CONFLICT_KINDS}; at least one. */
  readonly kinds: readonly ConflictKind[];
}

/** Least subject, then one bit for each kind. */
export function packConflict({ leastSubject, kinds }: ConflictRecord): Buffer {
  const bits = kinds.reduce((set, kind) => set | (1 << CONFLICT_KINDS.indexOf(kind)), 0);
  return Buffer.concat([leastSubject, Buffer.from([bits])]);
}

export function unpackConflict(packed: Buffer): ConflictRecord {
  const bits = packed[ID_BYTES] ?? 0;
  return { leastSubject: packed.subarray(0, ID_BYTES), kinds: CONFLICT_KINDS.filter((_, i) => (bits & (1 << i)) !== 0) };
}
