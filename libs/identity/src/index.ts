export {
  canonicalDate,
  canonicalFirstName,
  canonicalName,
  canonicalNhsNumber,
  canonicalNino,
  canonicalPostcode,
  canonicalUln,
  TEMPORARY_ULN,
} from './canonical.js';
export { checkNhsNumber, checkNino, checkUln, isPlaceholderNhsNumber } from './identifier-checks.js';
export type { CheckOutcome } from './identifier-checks.js';
export { identify } from './identify.js';
export type { Identified, IdentifierPolicies, IdentifierPolicy, SourceIdentifiers } from './identify.js';
export { KeysFileError, parseKeysFile, parsePlatformKeysFile } from './keys-file.js';
export type { DomainKey, KeyRotation, PartnerKeys, PlatformKeys, SpoolKey } from './keys-file.js';
export { CONFLICT_KINDS } from './contradictions.js';
export type { ConflictKind } from './contradictions.js';
export type { LinkDecision } from './link-decisions.js';
export { LINK_RULES, linkClosure } from './linking.js';
export { LINKING_RULES_2026_1 } from './linking-rules.js';
export type { LinkingRules } from './linking-rules.js';
export type { Component, ContestedKind, Join, LinkRule } from './linking.js';
export type { SubjectIdentity } from './token-holders.js';
export { lookAlikeOf } from './look-alikes.js';
export type { LookAlike } from './look-alikes.js';
export { linkPath } from './link-path.js';
export type { LinkPath, LinkStep } from './link-path.js';
export { participantOf } from './participant.js';
export { EnvironmentError, hostSetting, portSetting, readPlatformEnvironment } from './platform-environment.js';
export type { PlatformSettings } from './platform-environment.js';
export { ReferenceHasher, WITHDRAWN_CONTENT_HASH } from './reference-hasher.js';
export { RotationKeyMissing, TokenAheadOfIndex, TokenRotations } from './token-rotation.js';
export type { AppliedRotations } from './token-rotation.js';
export { Tokeniser } from './tokeniser.js';
export type { CertainKind, Demographics } from './tokeniser.js';
