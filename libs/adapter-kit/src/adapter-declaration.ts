import type { EventBody, EventType } from '@throughline/event-contracts';
import type { ColumnsDeclaration, FieldDeclaration, IdentifierDeclaration } from './field-declaration.js';

/**
 * An adapter is one declared value and two files of its own: `partner-file.ts`, which reads what the partner sends, and
 * `to-events.ts`, which maps one record to facts. Everything else (intake, spool, ledger, publishing, reports, telemetry,
 * documentation) is this library's and is driven by the declaration alone.
 */
export interface AdapterDeclaration {
  /** Folder and process name without `-adapter`, for example `college`. */
  readonly name: string;
  readonly title: string;
  readonly feeds: readonly FeedDeclaration[];
}

/** How a payload is laid out; decides framing, limits and the media types offered in the API description. */
export type PayloadFormat = 'xml' | 'csv' | 'json' | 'ndjson';

/** A feed: one format of one source system. `R` is the feed's own record type, as its reader yields it. */
export interface FeedDeclaration<R = unknown> {
  /** Stable name, used in the API, in the ledger and in submission ids: `ilr`, `bars`, `rtof`, … */
  readonly id: string;
  readonly title: string;
  /** `source.system` of every event of this feed; order of evidence is keyed by it. */
  readonly system: string;
  readonly formats: readonly { readonly format: PayloadFormat; readonly mediaTypes: readonly string[] }[];
  readonly parameters: {
    /** `required` where the format has no clock of its own: the caller then says as of when the payload speaks. */
    readonly asOf: 'required' | 'not-used';
    /** Whether a caller may declare the payload to be everything the source holds. */
    readonly fullExtract: 'optional' | 'not-used';
    /** Whether the submission may name a programme. */
    readonly programme: 'optional' | 'not-used';
    /** Whether the submission must say which file kind it is; given where {@link parts} is. */
    readonly part?: 'required' | 'optional';
  };
  /** File kinds, where the feed has several: what `part` may say. Absent: `part` is not used. */
  readonly parts?: readonly string[];
  /** Identifiers the format carries, where they stand, and what happens when their own check fails. */
  readonly identifiers: readonly IdentifierDeclaration[];
  readonly events: readonly EventType[];
  /** Fields read, for the generated documentation; `path` as a report names it. */
  readonly fields: readonly FieldDeclaration[];
  /** Columns of a CSV by its file kind (null: the feed has one kind), for the generated documentation. */
  readonly columns?: readonly ColumnsDeclaration[];
  readonly evidence: 'PAYROLL' | 'BENEFIT_RECORD' | 'CASE_RECORD' | 'SELF_REPORTED';
  /**
   * Reads a payload as it streams in. Yields the header first, then every record once, in order.
   * Throws {@link SubmissionRefused} when the payload as a whole is not what it says.
   */
  readonly read: (payload: AsyncIterable<Uint8Array>, context: ReadContext) => AsyncIterable<ReadItem<R>>;
  /** Maps one record to facts. Pure: reads no clock, holds no state. */
  readonly toEvents: (record: R, context: MappingContext) => RecordOutcome;
}

/** What the caller said beside the payload. */
export interface SubmissionParameters {
  readonly asOf: Date | null;
  readonly programme: string | null;
  readonly fullExtract: boolean;
  /** Which of a feed's file kinds this is, where its files are told apart by name (RTOF: `person`, `baseline`, …). */
  readonly part: string | null;
}

export interface ReadContext {
  readonly format: PayloadFormat;
  readonly parameters: SubmissionParameters;
  readonly limits: ReadLimits;
  /** Latest instant that a clock in the payload may show: it would silence every later file until then. */
  readonly latestClock: Date;
}

export interface ReadLimits {
  /** Greatest nesting of elements, objects or arrays. */
  readonly depth: number;
  /** Greatest length of one text, attribute or field, UTF-16 units. */
  readonly textLength: number;
  /** Greatest size of one record or line, bytes. */
  readonly recordBytes: number;
}

/** The source's own clock: see decision 0002. `serial` is the source's own number, 0 where it has none. */
export interface SourceClock {
  readonly instant: Date;
  readonly serial: number;
}

/**
 * A part of a submission that speaks for one scope. A file is usually one section; an envelope of many documents opens a
 * section per document.
 */
export interface SectionHeader {
  readonly clock: SourceClock;
  /** Scopes whose absence this section may speak for, and scope of the facts that name none of their own. */
  readonly scope: string;
  readonly absence: Absence;
}

/** What not being mentioned means. */
export type Absence =
  | { readonly speaks: false }
  /** Everything the source holds in the scope is here. */
  | {
      readonly speaks: true;
      /** Only facts dated (occurredOn) within these ISO dates, both included, can be absent. */
      readonly within?: { readonly from: string; readonly to: string };
      /** Only facts of these families (see {@link FactKey.family}) can be absent. */
      readonly families?: readonly string[];
      /**
       * Beside those: parts (see {@link FactKey.part}) that the section tells whole, whatever dates and families it is about.
       * What is known of such a part and not said here is absent.
       */
      readonly parts?: readonly string[];
    };

export type ReadItem<R> =
  /** Opens a section; the first item of every payload. Records that follow belong to it. */
  | { readonly kind: 'section'; readonly header: SectionHeader }
  | {
      readonly kind: 'record';
      /** From 1, over the whole submission. */
      readonly ordinal: number;
      /** The source's own reference of the person: never leaves the process but as a keyed hash. */
      readonly reference: string;
      readonly record: R;
    }
  | {
      readonly kind: 'unreadable';
      readonly ordinal: number;
      /** Null when not even the person's reference could be read: the section then makes nobody absent. */
      readonly reference: string | null;
      readonly fault: RecordFault;
    };

/** Why a record was refused. Holds no value of the record: code, place and remedy only. */
export interface RecordFault {
  /** From the closed list of {@link FAULT_CODES}. */
  readonly code: FaultCode;
  /** Field or path as the partner knows it, for example `Learner/ULN` or `date_started_service`. */
  readonly path: string;
  /** What would have been right. */
  readonly expected: string;
  readonly remedy: string;
}

/** Codes of faults in one record; the metric label and the dead letter's code come from this list. */
export const FAULT_CODES = [
  'missing-field',
  'bad-date',
  'bad-number',
  'bad-code',
  'bad-format',
  'too-long',
  'identifier-check-failed',
  'conflicting-fields',
  'duplicate-record',
  'missing-resource',
  'unknown-reference',
  'date-out-of-range',
] as const;
export type FaultCode = (typeof FAULT_CODES)[number];

/** Why a record made no facts though nothing is wrong with it. */
export const SKIP_REASONS = ['nothing-to-say', 'superseded', 'not-in-scope', 'unchanged'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** Codes for refusing a submission whole. */
export const REFUSAL_CODES = [
  'not-this-format',
  'wrong-namespace',
  'wrong-header',
  'wrong-encoding',
  'wrong-separator',
  'truncated',
  'malformed',
  'doctype-forbidden',
  'too-deep',
  'too-large',
  'record-too-large',
  'text-too-long',
  'compressed-too-far',
  'empty',
  'missing-parameter',
  'unknown-parameter',
  'unknown-part',
  'bad-parameter',
  'unsupported-message',
  'timed-out',
  /** Ours, not the sender's: the accepted payload can no longer be read. The same payload may be sent again. */
  'spool-damaged',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** Thrown when a payload as a whole is not what it says; nothing of it is published. */
export class SubmissionRefused extends Error {
  override readonly name = 'SubmissionRefused';
  constructor(
    readonly code: RefusalCode,
    /** Where: `line 1`, `Header/CollectionDetails/Year`; never a value. */
    readonly place: string,
    readonly expected: string,
    readonly remedy: string,
  ) {
    super(`${code} at ${place}: expected ${expected}. ${remedy}`);
  }
}

/** Given to `toEvents`. Hashes under the partner's reference key; nothing here lets an identifier out. */
export interface MappingContext {
  readonly parameters: SubmissionParameters;
  readonly section: SectionHeader;
  /** Subject of the record, as it will stand in its events. */
  readonly subject: Buffer;
  /** factId that `draft` will have, for `job` references between facts of this source. */
  readonly factId: (draft: FactKey) => Buffer;
  /** A keyed hash that is comparable within this source only (employer, claim). */
  readonly keyed: (kind: 'employer' | 'claim', ...parts: readonly string[]) => Buffer;
  /** District and ward of a postcode by the loaded directory; null: unknown postcode. */
  readonly locate: (postcode: string) => { readonly district: string; readonly ward: string | null } | null;
}

/** What tells a fact from the other facts of its subject. */
export interface FactKey {
  readonly type: EventType;
  /** Where it is not the section's. */
  readonly scope?: string;
  readonly naturalKey: readonly string[];
  /** Part of its scope that a snapshot may cover or not (DWP: the benefit type). Not part of its identity. */
  readonly family?: string;
  /**
   * What the fact is about, where a source may tell one thing under several keys (a payment under another date): a section
   * that tells the part (`Absence.parts`) takes back what it does not repeat of it. Must be the same in every statement of
   * the fact; kept as a keyed hash.
   */
  readonly part?: string;
  /**
   * ISO date by which a snapshot of some dates only (`Absence.within`) covers the fact; `occurredOn` where left out. Must be
   * the same in every statement of the fact: give the date of its natural key where `occurredOn` may be corrected.
   */
  readonly coveredOn?: string;
}

/** One fact as the source states it now; the kit adds `meta`. */
export type FactDraft = { [T in EventType]: FactDraftOf<T> }[EventType];

export interface FactDraftOf<T extends EventType> extends FactKey {
  readonly type: T;
  /** ISO date (YYYY-MM-DD, YYYY-MM or YYYY); its length gives the precision. */
  readonly occurredOn: string;
  /** Overrides the submission's programme where the record names its own. */
  readonly programme?: string | null;
  readonly evidence?: FeedDeclaration['evidence'];
  readonly body: EventBody<T>;
}

/** What the source holds that tells who the person is; raw values, turned into tokens at once. */
export interface IdentityDraft {
  /** Kind of record that says so (`learner`, `patient`): part of the fact's natural key. */
  readonly recordKind: string;
  /** As {@link FactKey.family}: the family of the identity fact. */
  readonly family?: string;
  /** Date the identity fact bears; a date in the data, as circumstances. */
  readonly occurredOn: string;
  readonly nhsNumber?: string | null;
  readonly nino?: string | null;
  readonly uln?: string | null;
  readonly surname?: string | null;
  readonly firstName?: string | null;
  /** ISO date; a year alone makes no token. */
  readonly dateOfBirth?: string | null;
  readonly postcodes?: readonly string[];
}

/** The three fates of a record, before the ledger has spoken. */
export type RecordOutcome =
  | {
      readonly fate: 'facts';
      readonly identity: IdentityDraft | null;
      readonly facts: readonly FactDraft[];
      /** Facts the source takes back by name (BaRS `delete`, `entered-in-error`); `SubjectIdentified` by its record kind. */
      readonly withdrawn?: readonly FactKey[];
    }
  | { readonly fate: 'skipped'; readonly reason: SkipReason }
  | { readonly fate: 'refused'; readonly fault: RecordFault };

/**
 * Keeps the record type checked inside a feed and hides it outside, so that feeds of different records stand in one list.
 */
export const declareFeed = <R>(feed: FeedDeclaration<R>): FeedDeclaration => feed as unknown as FeedDeclaration;
