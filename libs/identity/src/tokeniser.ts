import type { Token } from '@throughline/event-contracts';
import { canonicalDate, canonicalFirstName, canonicalName, canonicalPostcode } from './canonical.js';
import type { DomainKey } from './keys-file.js';
import { KeyedHash } from './keyed-hash.js';

/** Kinds that name one person by themselves. */
export type CertainKind = 'NHS_NUMBER' | 'NINO' | 'ULN';

/** What the demographic token is made of, as the source writes it. */
export interface Demographics {
  readonly surname: string;
  readonly firstName: string;
  /** ISO date; a year alone makes no token. */
  readonly dateOfBirth: string;
  readonly postcode: string;
}

const TOKEN_BYTES = 16;

/** Identifiers to tokens under a linkage domain's key, in the adapter, where identifiers end. */
export class Tokeniser {
  readonly #keyId: string;
  readonly #hash: KeyedHash;

  constructor(domainKey: DomainKey) {
    this.#keyId = domainKey.id;
    this.#hash = new KeyedHash(domainKey.key);
  }

  /** @param canonical as the kind's canonical form gives it; anything else makes a token that meets no other. */
  certain(kind: CertainKind, canonical: string): Token {
    return this.#token(kind, canonical);
  }

  /** Null where any of the four cannot be read: three of them do not tell people apart. */
  demographic(person: Demographics): Token | null {
    const surname = canonicalName(person.surname);
    const firstName = canonicalFirstName(person.firstName);
    const dateOfBirth = canonicalDate(person.dateOfBirth);
    const postcode = canonicalPostcode(person.postcode);
    if (surname === null || firstName === null || dateOfBirth === null || postcode === null) return null;
    return this.#token('NAME_DOB_POSTCODE', surname, firstName, dateOfBirth, postcode);
  }

  /** Never joins, only contradicts. Null where the text is no ISO date. */
  dateOfBirth(iso: string): Token | null {
    const date = canonicalDate(iso);
    return date === null ? null : this.#token('DATE_OF_BIRTH', date);
  }

  #token(...parts: readonly string[]): Token {
    return { keyId: this.#keyId, value: this.#hash.hash(TOKEN_BYTES, parts) };
  }
}
