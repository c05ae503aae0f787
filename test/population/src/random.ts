/** A stream of pseudo-random numbers that is the same for the same seed on every machine. */
export interface Random {
  /** In [0, 1). */
  readonly next: () => number;
  /** Whole number from `from` to `to`, both included. */
  readonly between: (from: number, to: number) => number;
  readonly chance: (probability: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  /** The first item whose share of the whole is reached; weights need not add up to one. */
  readonly weighted: <T>(items: readonly (readonly [item: T, weight: number])[]) => T;
}

const finish = (state: number): number => {
  let hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
};

/** FNV-1a over UTF-16 units, finished so that near seeds share nothing. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return finish(hash);
}

/**
 * A stream of its own for each label: what is drawn under one never moves what is drawn under another, so that a change to
 * one partner's view leaves the lives and the other views as they were.
 */
export function randomOf(...labels: readonly (string | number)[]): Random {
  const label = labels.join('\u0001');
  // sfc32, seeded from four hashes of the label.
  let [a, b, c, d] = [seedOf(`a${label}`), seedOf(`b${label}`), seedOf(`c${label}`), 1];
  const next = (): number => {
    const sum = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };
  for (let round = 0; round < 12; round += 1) next();
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  const pick = <T>(items: readonly T[]): T => {
    const item = items[Math.floor(next() * items.length)];
    if (item === undefined) throw new RangeError('nothing to pick from');
    return item;
  };
  const weighted = <T>(items: readonly (readonly [item: T, weight: number])[]): T => {
    let rest = next() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    const last = items.at(-1);
    if (last === undefined) throw new RangeError('nothing to pick from');
    return last[0];
  };
  return { next, between, chance: (probability) => next() < probability, pick, weighted };
}
