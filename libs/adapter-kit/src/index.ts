export { declareFeed, FAULT_CODES, REFUSAL_CODES, SKIP_REASONS, SubmissionRefused } from './adapter-declaration.js';
export type {
  Absence,
  AdapterDeclaration,
  FactDraft,
  FactDraftOf,
  FactKey,
  FaultCode,
  FeedDeclaration,
  IdentityDraft,
  MappingContext,
  PayloadFormat,
  ReadContext,
  ReadItem,
  ReadLimits,
  RecordFault,
  RecordOutcome,
  RefusalCode,
  SectionHeader,
  SkipReason,
  SourceClock,
  SubmissionParameters,
} from './adapter-declaration.js';
export type { ColumnsDeclaration, FieldDeclaration, IdentifierDeclaration, IdentifierPolicy } from './field-declaration.js';
export { childOf, childrenOf, readXml, textOf } from './readers/xml-reader.js';
export type { XmlElement, XmlReadOptions } from './readers/xml-reader.js';
export { readCsv } from './readers/csv-reader.js';
export type { CsvReadOptions, CsvRow } from './readers/csv-reader.js';
export { readJson } from './readers/json-reader.js';
export type { JsonDocument } from './readers/json-reader.js';
export { expectedCode, isCode, requireCode } from './codes/event-codes.js';
export type { CodeField } from './codes/event-codes.js';
export { readRecord, RecordUnfit, unfit } from './readers/record-unfit.js';
export { parseDay, parseInstant, parseMonth, parseZonedDay } from './readers/source-dates.js';
export { Intake } from './intake/intake.js';
export type { LookedAt, Receipt } from './intake/intake.js';
export { AdapterBusy } from './intake/intake-slots.js';
export type { SubmissionRequest } from './intake/submission-request.js';
export { UnsupportedMediaType } from './intake/submission-request.js';
export { pacedPayload } from './intake/bounded-payload.js';
export type { Pace, PacedSource } from './intake/bounded-payload.js';
export { CommandRefused } from './pipeline/command-refused.js';
export { Pipeline } from './pipeline/pipeline.js';
export type { ValidationOutcome } from './pipeline/pipeline.js';
export type { EventSink, SinkDeadLetter, SinkRecord } from './pipeline/event-sink.js';
export type { Finding } from './ledger/ledger-draft.js';
export type { HeldReason, JobDetail, RecordCounts, RefusalReason, SubmissionState } from './ledger/submission-state.js';
export { SETTLED_STATES, SUBMISSION_STATES } from './ledger/submission-state.js';
export { exportLedger, LedgerExportForeign, LedgerExportInvalid, LedgerExportOld, restoreLedger } from './ledger/ledger-export.js';
export { isPlaced, ledgerEntryOf, logEntry } from './ledger/ledger-from-log.js';
export type { LedgerEntry } from './ledger/ledger-entry.js';
export { SpoolNotWritable } from './spool/sealed-file.js';
export { SpoolInUse } from './spool/spool-lock.js';
export { AdapterModule } from './http/adapter-module.js';
export { NoSuchSubmission, problemOf } from './http/problem.js';
export { DEFAULT_LIMITS, readSettings, SettingsInvalid } from './runtime/adapter-options.js';
export type { AdapterSettings } from './runtime/adapter-options.js';
export { openAdapter, serveAdapter } from './runtime/open-adapter.js';
export type { AdapterOptions, OpenAdapter } from './runtime/open-adapter.js';
export type { AdapterWatch } from './runtime/adapter-watch.js';
export { UNWATCHED } from './runtime/adapter-watch.js';
export { runAdapter } from './runtime/run-adapter.js';
export type { RunOptions } from './runtime/run-adapter.js';
export { describeAdapter } from './docs/describe-adapter.js';
