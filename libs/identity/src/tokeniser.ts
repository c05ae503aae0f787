import type { Token } from '@throughline/event-contracts';
import { canonicalDate, canonicalFirstName, canonicalName, canonicalPostcode } from './canonical.js';
import type { DomainKey } from './keys-file.js';
import { KeyedHash } from './keyed-hash.js';
import { TOKEN_BYTES, TokenTurn } from './token-rotation.js';

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

/** Identifiers to tokens under a linkage domain's key, in the adapter, where identifiers end. */
export class Tokeniser {
  readonly #keyId: string;
  readonly #hash: KeyedHash;
  readonly #turns: readonly TokenTurn[];

  /** @param rotatedTo keys that followed the domain's first, in order: a token goes out under the last. */
  constructor(domainKey: DomainKey, rotatedTo: readonly DomainKey[] = []) {
    this.#keyId = domainKey.id;
    this.#hash = new KeyedHash(domainKey.key);
    this.#turns = rotatedTo.map((key) => new TokenTurn(key));
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
    const first: Token = { keyId: this.#keyId, value: this.#hash.hash(TOKEN_BYTES, parts) };
    return this.#turns.reduce((token, turn) => turn.turned(token), first);
  }
}
