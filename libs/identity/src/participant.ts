import { KeyedHash } from './keyed-hash.js';

/** One hash per key object: making one per call would cost more than the hash. */
const hashes = new WeakMap<Uint8Array, KeyedHash>();

/**
 * The participant that a component of subjects is: nothing is minted, so a rebuild gives the same.
 * @param platformKey 32 bytes; pass the same buffer every time and do not change it.
 * @param leastSubject the least subject of the component, by unsigned bytes.
 * @returns 16 bytes.
 */
export function participantOf(platformKey: Uint8Array, leastSubject: Uint8Array): Buffer {
  let hash = hashes.get(platformKey);
  if (hash === undefined) {
    hash = new KeyedHash(platformKey);
    hashes.set(platformKey, hash);
  }
  return hash.hash(16, ['participant', leastSubject]);
}
