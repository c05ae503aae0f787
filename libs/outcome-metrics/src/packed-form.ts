import { PRECISIONS } from './calendar.js';
import type { Precision } from './calendar.js';
import { FACT_KINDS } from './fact.js';
import type { FactKind } from './fact.js';

// An entry, in bytes:
//   16 subject · varint length of the rest · 1 head · 16 factId · 6 instant · varint sequence · [8 content hash] · [fact]
// head: three bits version, one bit "has a content hash", four bits kind of fact (0: withdrawn).
// fact: 1 flags (two bits precision, one bit "has a programme", five bits of the kind's own) · 1 system (0: text follows)
//       · start · agreement · [programme] · the kind's own fields.
// Enums are their symbol's place in the contract, which never moves. Subject and length come first, so that any concatenation of entries can be read, or skipped through, from its start.

/** Version of the form, the first three bits of an entry. */
export const VERSION = 2;
export const HAS_HASH = 0x10;
export const HAS_PROGRAMME = 0x04;
/** Where the kind's own bits begin. */
export const OWN = 3;

/** Systems that take one byte; others are written out. Part of the packed form: only append. */
export const SYSTEMS = ['hmrc-rti', 'dwp-citizen', 'rtof', 'ilr', 'bars', 'nhs-csv', 'nccis'];
export const SYSTEM_CODES = new Map(SYSTEMS.map((system, index) => [system, index + 1]));
export const KIND_CODES = new Map<FactKind, number>(FACT_KINDS.map((kind, index) => [kind, index + 1]));
export const PRECISION_CODES = new Map<Precision, number>(PRECISIONS.map((precision, index) => [precision, index]));
