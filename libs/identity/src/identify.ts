import type { SubjectIdentifier, Token } from '@throughline/event-contracts';
import { canonicalNhsNumber, canonicalNino, canonicalUln, TEMPORARY_ULN } from './canonical.js';
import { checkNhsNumber, checkNino, checkUln, isPlaceholderNhsNumber } from './identifier-checks.js';
import type { CheckOutcome } from './identifier-checks.js';
import type { CertainKind, Tokeniser } from './tokeniser.js';

/**
 * What to do with an identifier that fails its own check. `refuse`: the record is refused. `quarantine`: the record's facts
 * flow, the identifier makes no token and cannot link. `flag`: a token is made and carries `FAILED`.
 */
export type IdentifierPolicy = 'refuse' | 'quarantine' | 'flag';

/** A feed's policy for each kind of identifier that it carries. */
export type IdentifierPolicies = Readonly<Partial<Record<CertainKind, IdentifierPolicy>>>;

/** What a source holds that tells who a person is, as it writes it. Absent, null and blank are the same: not held. */
export interface SourceIdentifiers {
  readonly nhsNumber?: string | null;
  readonly nino?: string | null;
  readonly uln?: string | null;
  readonly surname?: string | null;
  readonly firstName?: string | null;
  /** ISO date; anything less exact makes no token. */
  readonly dateOfBirth?: string | null;
  /** Every postcode held for the person; each makes a demographic token of its own. */
  readonly postcodes?: readonly string[];
}

export interface Identified {
  /** In a fixed order, each at most once; empty when the record is refused. */
  readonly identifiers: readonly SubjectIdentifier[];
  /** Present when a policy refuses the record: the first kind that failed. */
  readonly refused?: { readonly kind: CertainKind };
}

interface CertainRule {
  readonly kind: CertainKind;
  readonly text: (identifiers: SourceIdentifiers) => string | null | undefined;
  readonly canonical: (text: string) => string | null;
  readonly check: (text: string) => CheckOutcome;
  /** Whether a canonical form is shared by many and so makes no token under any policy. */
  readonly isFiller: (canonical: string) => boolean;
}

const CERTAIN_RULES: readonly CertainRule[] = [
  { kind: 'NHS_NUMBER', text: ({ nhsNumber }) => nhsNumber, canonical: canonicalNhsNumber, check: checkNhsNumber, isFiller: isPlaceholderNhsNumber },
  { kind: 'NINO', text: ({ nino }) => nino, canonical: canonicalNino, check: checkNino, isFiller: () => false },
  { kind: 'ULN', text: ({ uln }) => uln, canonical: canonicalUln, check: checkUln, isFiller: () => false },
];

const held = (text: string | null | undefined): text is string => text !== null && text !== undefined && text.trim() !== '';

/**
 * Turns what a source holds into what may leave the adapter: tokens, and per identifier whether its check passed.
 * A kind without a policy is quarantined when it fails. The temporary ULN is no identifier and leaves nothing.
 */
export function identify(tokeniser: Tokeniser, policies: IdentifierPolicies, person: SourceIdentifiers): Identified {
  const identifiers: SubjectIdentifier[] = [];
  for (const rule of CERTAIN_RULES) {
    const text = rule.text(person);
    if (!held(text)) continue;
    const canonical = rule.canonical(text);
    if (rule.kind === 'ULN' && canonical === TEMPORARY_ULN) continue;
    const check = rule.check(text);
    const policy = policies[rule.kind] ?? 'quarantine';
    if (check === 'FAILED' && policy === 'refuse') return { identifiers: [], refused: { kind: rule.kind } };
    const linkable = canonical !== null && !rule.isFiller(canonical) && (check === 'PASSED' || policy === 'flag');
    identifiers.push({ kind: rule.kind, check, token: linkable ? tokeniser.certain(rule.kind, canonical) : null });
  }
  identifiers.push(...demographicIdentifiers(tokeniser, person));
  return { identifiers };
}

function demographicIdentifiers(tokeniser: Tokeniser, person: SourceIdentifiers): SubjectIdentifier[] {
  const { surname, firstName, dateOfBirth, postcodes = [] } = person;
  if (!held(dateOfBirth)) return [];
  const tokens = new Map<string, Token>();
  if (held(surname) && held(firstName)) {
    for (const postcode of postcodes) {
      const token = tokeniser.demographic({ surname, firstName, dateOfBirth, postcode });
      if (token !== null) tokens.set(token.value.toString('hex'), token);
    }
  }
  // By token, not as sent: the order of two postcodes is no part of what a source says.
  const ordered = [...tokens].sort(([left], [right]) => (left < right ? -1 : 1));
  const birth = tokeniser.dateOfBirth(dateOfBirth);
  return [
    ...ordered.map(([, token]): SubjectIdentifier => ({ kind: 'NAME_DOB_POSTCODE', check: 'NOT_CHECKABLE', token })),
    ...(birth === null ? [] : [{ kind: 'DATE_OF_BIRTH', check: 'NOT_CHECKABLE', token: birth } as const]),
  ];
}
