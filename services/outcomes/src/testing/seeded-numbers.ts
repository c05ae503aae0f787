/** Seeded whole numbers below a bound. */
export type Numbers = (below: number) => number;

export function numbers(seed: number): Numbers {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One of these, each as likely. */
export const pick = <T>(random: Numbers, items: readonly T[]): T => items[random(items.length)]!;
