import type { Token } from '@throughline/event-contracts';
import type { DomainKey, KeyRotation } from './keys-file.js';
import { KeyedHash } from './keyed-hash.js';

export const TOKEN_BYTES = 16;

/** Turns tokens under one key into those under the key that followed it: `HMAC(new key, token)`, without any identifier. */
export class TokenTurn {
  readonly #id: string;
  readonly #hash: KeyedHash;
  constructor({ id, key }: DomainKey) {
    this.#id = id;
    this.#hash = new KeyedHash(key);
  }

  turned({ value }: Token): Token {
    return { keyId: this.#id, value: this.#hash.hash(TOKEN_BYTES, [value]) };
  }
}

/** The rotations that an index was built by. */
export interface AppliedRotations {
  /** The same identifier has one token, whichever of the keys its adapter went by. @throws TokenAheadOfIndex */
  readonly newest: (token: Token) => Token;
  /** Ids of keys that are known here and that the index was not built by. */
  readonly ahead: readonly string[];
}

/** Rotations as linkage holds them, in order. */
export class TokenRotations {
  constructor(private readonly rotations: readonly KeyRotation[]) {}

  /** Ids alone, as an index keeps what it was built by: `key-1>key-2,key-2>key-3`. */
  get names(): string {
    return this.rotations.map(nameOf).join();
  }

  /**
   * Those of an index.
   * @param names as {@link names} once was.
   * @throws RotationKeyMissing
   */
  applied(names: string): AppliedRotations {
    const wanted = names === '' ? [] : names.split(',');
    const missing = wanted.filter((name) => !this.rotations.some((rotation) => nameOf(rotation) === name));
    if (missing.length > 0) throw new RotationKeyMissing(missing);
    const turns = new Map(this.rotations.filter((rotation) => wanted.includes(nameOf(rotation))).map((rotation) => [rotation.from, new TokenTurn(rotation)]));
    const ahead = this.rotations.filter((rotation) => !wanted.includes(nameOf(rotation))).map(({ id }) => id);
    return {
      ahead,
      newest(token) {
        if (ahead.includes(token.keyId)) throw new TokenAheadOfIndex(token.keyId);
        let newest = token;
        for (let turn = turns.get(newest.keyId); turn !== undefined; turn = turns.get(newest.keyId)) newest = turn.turned(newest);
        return newest;
      },
    };
  }
}

const nameOf = ({ from, id }: KeyRotation): string => `${from}>${id}`;

/** Thrown when an index was built by a key that is no longer there: what comes in would meet nothing of it. */
export class RotationKeyMissing extends Error {
  override readonly name = 'RotationKeyMissing';
  readonly code = 'ROTATION_KEY_MISSING';
  readonly place = 'keys file, rotations';
  readonly remedy = 'Put the rotation back into the keys file of linkage: the index was built by it.';
  constructor(missing: readonly string[]) {
    super(`The links were built by ${missing.join(' and ')}, which the keys file does not have. Put it back.`);
  }
}

/** Thrown when a token is under a key that the index was not built by: linked so, it would meet nobody. */
export class TokenAheadOfIndex extends Error {
  override readonly name = 'TokenAheadOfIndex';
  readonly code = 'TOKEN_AHEAD_OF_INDEX';
  readonly place = 'link index';
  readonly remedy = 'Rebuild (npm run rebuild): the generation after this one is built by the new key. Until then the partition waits, and figures stay as they are.';
  constructor(keyId: string) {
    super(`A token is under the key ${keyId}, by which the links were not built. Rebuild.`);
  }
}
