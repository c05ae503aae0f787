export {
  BENEFIT_SYMBOLS,
  CHANGE_SYMBOLS,
  CLAIM_CHANGE_SYMBOLS,
  CONTRACT_KIND_SYMBOLS,
  DATE_PRECISION_SYMBOLS,
  EVENT_TYPES,
  EVIDENCE_SYMBOLS,
  IDENTIFIER_CHECK_SYMBOLS,
  IDENTIFIER_KIND_SYMBOLS,
  LABOUR_MARKET_STATUS_SYMBOLS,
  LEARNING_STATUS_SYMBOLS,
  LINK_DECISION_REASON_SYMBOLS,
  PAY_FREQUENCY_SYMBOLS,
  PRIORITY_GROUP_SYMBOLS,
  REFERRAL_STATUS_SYMBOLS,
  SUSTAIN_BASIS_SYMBOLS,
  WORK_KIND_SYMBOLS,
} from './events.generated.js';
export type {
  Benefit,
  BenefitClaimChanged,
  Change,
  CircumstancesReported,
  ClaimChange,
  ConsentChanged,
  ContentHash,
  ContractKind,
  DatePrecision,
  EarningsReported,
  EventMeta,
  EventType,
  CutCell,
  EventsByType,
  Evidence,
  Id16,
  IdentifierCheck,
  IdentifierKind,
  JobEnded,
  JobStarted,
  JobSustained,
  LabourMarketStatus,
  LearningStatus,
  LearningStatusChanged,
  LinkDecision,
  LinkDecisionReason,
  OccurredOn,
  OutcomeCut,
  OutcomeCutCells,
  PayFrequency,
  PriorityGroup,
  ReferralMade,
  RecordType,
  RecordsByType,
  ReferralStatus,
  Revision,
  Source,
  SubjectIdentified,
  SubjectIdentifier,
  SupportStarted,
  SustainBasis,
  Token,
  TopicPosition,
  WeeklyHours,
  WellbeingMeasured,
  WorkKind,
} from './events.generated.js';
export type { EventBody, EventOf, FactEventType } from './event-types.js';
export type { DecodedEvent } from './event-codec.js';
export { decodeEvent, defaultBody, encodeBody, encodeEvent, eventTypeOf } from './event-codec.js';
export type { DecodedRecord } from './record-codec.js';
export { decodeRecord, encodeRecord } from './record-codec.js';
export { eventFromJson, eventToJson } from './readable-json.js';
export type { FieldPath, Projected, ProjectedEvent, Projection, ProjectionPaths } from './projection.js';
export { createProjection } from './projection.js';
export { FieldLocator } from './field-locator.js';
export { WireNumbers } from './wire-walk.js';
export type { EventContractCode } from './errors.js';
export { EventContractError, NotFramed, TruncatedEvent, UnknownSchema } from './errors.js';
export { FRAME_LENGTH, schemaIdOf } from './framing.js';
export { ID_LENGTH, KEY_LENGTH, eventKey, partitionOf } from './record-keys.js';
export type { TopicSpec } from './topics.js';
export {
  DEAD_LETTERS,
  DEPLOYMENT_NAME,
  EVENTS_TOPIC_PATTERN,
  EVENT_PARTITIONS,
  IDENTIFIERS_TOPIC_PATTERN,
  IDENTIFIER_PARTITIONS,
  LINK_DECISIONS,
  OUTCOME_CUTS,
  OUTCOME_RELEASES,
  deploymentOf,
  eventsTopic,
  eventsTopics,
  identifiersTopic,
  identifiersTopics,
  linkingTopics,
  liveTopics,
  locationOf,
  tellsFacts,
  topicOf,
} from './topics.js';
export type { EpochDay, EpochMillis } from './dates.js';
export { epochDayToIsoDate, isoDateToEpochDay } from './dates.js';
export type { GateCode, GateFault } from './compatibility-gate.js';
export { compatibilityFaults } from './compatibility-gate.js';
export type { AvroRecord } from './avro-schema.js';
