export { declareFeed, FAULT_CODES, REFUSAL_CODES, SKIP_REASONS, SubmissionRefused } from './adapter-declaration.js';
export type {
  Absence,
  AdapterDeclaration,
  FactDraft,
  FactDraftOf,
  FactKey,
  FaultCode,
  FeedDeclaration,
  FieldDeclaration,
  IdentifierDeclaration,
  IdentifierPolicy,
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
export { childOf, childrenOf, readXml, textOf } from './readers/xml-reader.js';
export type { XmlElement, XmlReadOptions } from './readers/xml-reader.js';
export { readCsv } from './readers/csv-reader.js';
export type { CsvReadOptions, CsvRow } from './readers/csv-reader.js';
export { readJson } from './readers/json-reader.js';
export type { JsonDocument } from './readers/json-reader.js';
export { readRecord, RecordUnfit, unfit } from './readers/record-unfit.js';
export { parseDay, parseInstant, parseMonth, parseZonedDay } from './readers/source-dates.js';
