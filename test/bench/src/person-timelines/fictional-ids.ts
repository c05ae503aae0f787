const KINDS = ['subject', 'fact', 'event', 'content', 'submission', 'scope'] as const;
type Kind = (typeof KINDS)[number];

/** Spreads 32 bits evenly over 32 bits; the finaliser of MurmurHash3. */
const spread = (bits: number): number => {
  let mixed = bits;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
};

/** A number below `bound` that follows from the others and looks like chance. */
export const chance = (bound: number, a: number, b: number): number => spread(spread(a + 0x9e3779b9) ^ b) % bound;

/** Bytes spread as those of a keyed hash are, many times faster to make. No two places of one kind share them. */
export function fictionalId(kind: Kind, place: number, part = 0, length = 16): Buffer {
  const id = Buffer.allocUnsafe(length);
  // Both rounds of the first word are one-to-one in the place, and of the second in the part.
  const first = spread(place ^ Math.imul(KINDS.indexOf(kind) + 1, 0x9e3779b9));
  const second = spread(part ^ first);
  id.writeUInt32BE(first, 0);
  id.writeUInt32BE(second, 4);
  for (let at = 8; at < length; at += 4) id.writeUInt32BE(spread(second ^ Math.imul(first, at + 1)), at);
  return id;
}
