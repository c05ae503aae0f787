export { CHANGE_SYMBOLS, DATE_PRECISION_SYMBOLS, EVIDENCE_SYMBOLS, REFERRAL_STATUS_SYMBOLS, WORK_KIND_SYMBOLS, CONTRACT_KIND_SYMBOLS, SUSTAIN_BASIS_SYMBOLS, PAY_FREQUENCY_SYMBOLS, BENEFIT_SYMBOLS, CLAIM_CHANGE_SYMBOLS, LEARNING_STATUS_SYMBOLS, LABOUR_MARKET_STATUS_SYMBOLS, PRIORITY_GROUP_SYMBOLS, IDENTIFIER_KIND_SYMBOLS, IDENTIFIER_CHECK_SYMBOLS, EVENT_TYPES } from './events.generated.js';
export type { ReferralMade, EventMeta, Id16, Revision, ContentHash, Change, OccurredOn, DatePrecision, Source, Evidence, ReferralStatus, SupportStarted, JobStarted, WeeklyHours, WorkKind, ContractKind, JobEnded, JobSustained, SustainBasis, EarningsReported, PayFrequency, BenefitClaimChanged, Benefit, ClaimChange, LearningStatusChanged, LearningStatus, CircumstancesReported, LabourMarketStatus, PriorityGroup, SubjectIdentified, SubjectIdentifier, IdentifierKind, IdentifierCheck, Token, EventType, EventsByType } from './events.generated.js';
export type { EventBody, EventOf, FactEventType } from './event-types.js';
export type { DecodedEvent } from './event-codec.js';
export { decodeEvent, defaultBody, encodeBody, encodeEvent } from './event-codec.js';
export type { FieldPath, Projected, ProjectedEvent, Projection, ProjectionPaths } from './projection.js';
export { createProjection } from './projection.js';
export type { EventContractCode } from './errors.js';
export { EventContractError, NotFramed, TruncatedEvent, UnknownSchema } from './errors.js';
export { FRAME_LENGTH, schemaIdOf } from './framing.js';
export { ID_LENGTH, KEY_LENGTH, eventKey, partitionOf } from './record-keys.js';
export type { TopicSpec } from './topics.js';
export {
  DEAD_LETTERS,
  EVENTS_TOPIC_PATTERN,
  EVENT_PARTITIONS,
  IDENTIFIERS_TOPIC_PATTERN,
  IDENTIFIER_PARTITIONS,
  OUTCOME_RELEASES,
  deploymentOf,
  eventsTopic,
  identifiersTopic,
  liveTopics,
  topicOf,
} from './topics.js';
export type { EpochDay, EpochMillis } from './dates.js';
export { epochDayToIsoDate, isoDateToEpochDay } from './dates.js';
export type { GateCode, GateFault } from './compatibility-gate.js';
export { compatibilityFaults } from './compatibility-gate.js';
export type { AvroRecord } from './avro-schema.js';
