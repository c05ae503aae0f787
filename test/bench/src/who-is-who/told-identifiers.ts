import { encodeEvent, partitionOf } from '@throughline/event-contracts';
import type { IdentifierKind, SubjectIdentifier } from '@throughline/event-contracts';
import { chance, fictionalId } from '../person-timelines/fictional-ids.js';

/** Partitions of each deployment's topic of identifiers. */
export const PARTITIONS = 4;

/** A source, how many of a hundred people it knows, and of how many of those it holds what. */
interface Source {
  readonly deployment: string;
  readonly system: string;
  readonly knows: number;
  readonly holds: readonly (readonly [IdentifierKind, number])[];
}

// What the feeds carry that the adapters read; the shares are invented, near those of the population's ordinary files.
const SOURCES: readonly Source[] = [
  { deployment: 'nhs', system: 'bars', knows: 60, holds: [['NHS_NUMBER', 95], ['NAME_DOB_POSTCODE', 90], ['DATE_OF_BIRTH', 97]] },
  { deployment: 'dwp', system: 'dwp-citizen', knows: 70, holds: [['NINO', 100], ['NAME_DOB_POSTCODE', 80], ['DATE_OF_BIRTH', 100]] },
  { deployment: 'dwp', system: 'hmrc-rti', knows: 55, holds: [['NINO', 100], ['DATE_OF_BIRTH', 100]] },
  { deployment: 'college', system: 'ilr', knows: 50, holds: [['ULN', 97], ['NINO', 50], ['NAME_DOB_POSTCODE', 92], ['DATE_OF_BIRTH', 99]] },
  { deployment: 'council', system: 'rtof', knows: 35, holds: [['NINO', 60]] },
];

/** Of a hundred names with home: married, moved, misspelt. */
const OTHER_NAME = 12;
/** Of a hundred numbers: somebody else's. Every second is corrected later. */
const MISTYPED = 1;
/** One of so many numbers of a council is typed to fill the field, and is the same in all of them. */
const FILLED_IN = 2_000;
const FILLER = 0xffff_ffff;
const KEY_ID = 'linkage-1';

/** One record on a topic of identifiers. */
export interface ToldWord {
  readonly deployment: string;
  readonly partition: number;
  readonly subject: Buffer;
  readonly identifiers: readonly SubjectIdentifier[];
  /** As it lies in the log. */
  readonly value: Buffer;
}

/** What the sources say of a person, and what they say later instead; a function of the person's number alone. */
export interface ToldPerson {
  readonly first: readonly ToldWord[];
  readonly corrections: readonly ToldWord[];
}

export function toldOf(person: number): ToldPerson {
  const first: ToldWord[] = [];
  const corrections: ToldWord[] = [];
  for (const [number, source] of SOURCES.entries()) {
    const place = person * SOURCES.length + number;
    if (chance(100, place, 1) >= source.knows) continue;
    const isMistyped = chance(100, place, 2) < MISTYPED;
    first.push(wordOf(source, place, 1, identifiersOf(source, person, place, isMistyped)));
    if (isMistyped && chance(2, place, 3) === 0) corrections.push(wordOf(source, place, 2, identifiersOf(source, person, place, false)));
  }
  return { first, corrections };
}

function identifiersOf({ deployment, holds }: Source, person: number, place: number, isMistyped: boolean): SubjectIdentifier[] {
  return holds.flatMap(([kind, share], nth): SubjectIdentifier[] => {
    if (chance(100, place, 10 + nth) >= share) return [];
    if (kind === 'DATE_OF_BIRTH') return [identifier(kind, chance(20_000, person, 4))];
    // Another name and home is the source's own, so that it joins nobody.
    if (kind === 'NAME_DOB_POSTCODE') return [identifier(kind, person, chance(100, place, 5) < OTHER_NAME ? place + 1 : 0)];
    if (deployment === 'council' && chance(FILLED_IN, place, 6) === 0) return [identifier(kind, FILLER)];
    return [identifier(kind, isMistyped ? person + 1 + chance(1_000, place, 7) : person)];
  });
}

const KINDS: readonly IdentifierKind[] = ['UNKNOWN', 'NHS_NUMBER', 'NINO', 'ULN', 'NAME_DOB_POSTCODE', 'DATE_OF_BIRTH'];

const identifier = (kind: IdentifierKind, whose: number, variant = 0): SubjectIdentifier => ({
  kind,
  check: kind === 'NAME_DOB_POSTCODE' || kind === 'DATE_OF_BIRTH' ? 'NOT_CHECKABLE' : 'PASSED',
  token: { keyId: KEY_ID, value: fictionalId('content', whose, variant * KINDS.length + KINDS.indexOf(kind)) },
});

function wordOf({ deployment, system }: Source, place: number, revision: number, identifiers: SubjectIdentifier[]): ToldWord {
  const subject = fictionalId('subject', place);
  const value = encodeEvent('SubjectIdentified', {
    meta: {
      eventId: fictionalId('event', place, revision),
      factId: fictionalId('fact', place),
      subject,
      revision: { instant: 1_760_000_000_000 + revision, sequence: 0 },
      contentHash: fictionalId('content', place, -revision, 8),
      change: 'STATED',
      occurredOn: null,
      recordedAt: 1_770_000_000_000,
      source: { partner: deployment, system, submission: fictionalId('submission', 0), record: 1 },
      agreementId: `dsa-${deployment}`,
      programme: null,
      evidence: 'CASE_RECORD',
      place: null,
    },
    identifiers,
  });
  return { deployment, partition: partitionOf(subject, PARTITIONS), subject, identifiers, value };
}
