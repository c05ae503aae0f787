import type { IdentifierCheck, IdentifierKind, SubjectIdentifier } from '@throughline/event-contracts';
import { IDENTIFIER_CHECK_SYMBOLS, IDENTIFIER_KIND_SYMBOLS } from '@throughline/event-contracts';
import { ID_BYTES, RecordPacker } from '@throughline/state-store';

/** The latest word of one kind of record on who a subject is. */
export interface IdentifierFact {
  /** 16 bytes as hex: one kind of record of one source. */
  readonly factId: string;
  /** UTC milliseconds of the source's own clock. */
  readonly instant: number;
  readonly sequence: number;
  /** Content hash, 64 bits as hex; all zero for a withdrawal. */
  readonly contentHash: string;
  /** Null: withdrawn. The fact stays, so that an older word that arrives later changes nothing. */
  readonly identifiers: readonly SubjectIdentifier[] | null;
}

/** What the index holds of a subject: facts ascending by id, deployments ascending, so that equal records have equal bytes. */
export interface SubjectRecord {
  readonly facts: readonly IdentifierFact[];
  readonly deployments: readonly string[];
}

export const EMPTY_RECORD: SubjectRecord = { facts: [], deployments: [] };

/** Greatest (instant, sequence, content hash) wins: the one rule of every timeline. */
function isLater(fact: IdentifierFact, known: IdentifierFact): boolean {
  if (fact.instant !== known.instant) return fact.instant > known.instant;
  if (fact.sequence !== known.sequence) return fact.sequence > known.sequence;
  return fact.contentHash > known.contentHash;
}

/** The record with one more word taken in; the same object where that changes nothing. */
export function withFact(record: SubjectRecord, fact: IdentifierFact, deployment: string): SubjectRecord {
  const known = record.facts.find(({ factId }) => factId === fact.factId);
  const isNew = known === undefined || isLater(fact, known);
  if (!isNew && record.deployments.includes(deployment)) return record;
  return {
    facts: isNew ? [...record.facts.filter((other) => other !== known), fact].sort((a, b) => (a.factId < b.factId ? -1 : 1)) : record.facts,
    deployments: [...new Set([...record.deployments, deployment])].sort(),
  };
}

/** Identifiers in force, over all kinds of record. */
export const identifiersInForce = (record: SubjectRecord): SubjectIdentifier[] => record.facts.flatMap(({ identifiers }) => identifiers ?? []);

const VERSION = 1;
const WITHDRAWN = 255;

export function packSubjectRecord({ facts, deployments }: SubjectRecord): Buffer {
  const packer = new RecordPacker();
  packer.byte(VERSION).byte(deployments.length);
  for (const deployment of deployments) packText(packer, deployment);
  for (const { factId, instant, sequence, contentHash, identifiers } of facts) {
    packer.bytes(Buffer.from(factId, 'hex'));
    const clock = Buffer.allocUnsafe(10);
    clock.writeIntBE(instant, 0, 6);
    clock.writeInt32BE(sequence, 6);
    packer.bytes(clock).bytes(Buffer.from(contentHash, 'hex')).byte(identifiers?.length ?? WITHDRAWN);
    for (const { kind, check, token } of identifiers ?? []) {
      packer.byte(IDENTIFIER_KIND_SYMBOLS.indexOf(kind)).byte(IDENTIFIER_CHECK_SYMBOLS.indexOf(check)).byte(token === null ? 0 : 1);
      if (token !== null) packText(packer.bytes(token.value), token.keyId);
    }
  }
  return packer.take();
}

/** @throws CorruptSubjectRecord */
export function unpackSubjectRecord(packed: Buffer): SubjectRecord {
  let at = 0;
  const take = (bytes: number): Buffer => {
    if (at + bytes > packed.length) throw new CorruptSubjectRecord();
    at += bytes;
    return packed.subarray(at - bytes, at);
  };
  const byte = () => take(1).readUInt8();
  const text = () => take(byte()).toString('utf8');
  if (byte() !== VERSION) throw new CorruptSubjectRecord();
  const deployments = Array.from({ length: byte() }, text);
  const facts: IdentifierFact[] = [];
  while (at < packed.length) {
    const factId = take(ID_BYTES).toString('hex');
    const [instant, sequence, contentHash, count] = [take(6).readIntBE(0, 6), take(4).readInt32BE(), take(8).toString('hex'), byte()];
    const identifier = (): SubjectIdentifier => ({
      kind: symbol<IdentifierKind>(IDENTIFIER_KIND_SYMBOLS, byte()),
      check: symbol<IdentifierCheck>(IDENTIFIER_CHECK_SYMBOLS, byte()),
      token: byte() === 0 ? null : { value: take(ID_BYTES), keyId: text() },
    });
    facts.push({ factId, instant, sequence, contentHash, identifiers: count === WITHDRAWN ? null : Array.from({ length: count }, identifier) });
  }
  return { facts, deployments };
}

function packText(packer: RecordPacker, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  packer.byte(bytes.length).bytes(bytes);
}

function symbol<T>(symbols: readonly T[], code: number): T {
  const found = symbols[code];
  if (found === undefined) throw new CorruptSubjectRecord();
  return found;
}

/** Thrown when a stored subject cannot be read: damaged, or written by a newer version. */
export class CorruptSubjectRecord extends Error {
  override readonly name = 'CorruptSubjectRecord';
  readonly code = 'CORRUPT_SUBJECT_RECORD';
  readonly remedy = 'Rebuild the view from the log: the link index cannot be trusted.';
  constructor() {
    super('A stored subject cannot be read. Rebuild the view from the log: the link index cannot be trusted.');
  }
}
