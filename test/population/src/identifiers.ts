// Identifiers of people who do not exist, each valid by its own check and different for every person.

/** Most people a population can have before NHS numbers of the test range run out. */
export const GREATEST_POPULATION = 400_000;

const weightedSum = (nine: string): number => [...nine].reduce((sum, digit, index) => sum + Number(digit) * (10 - index), 0);

/** NHS number in the range 999, which is kept for tests and never issued. Neighbours differ by 2 in the sum, so one of two is valid. */
export function nhsNumberOf(person: number): string {
  for (const offset of [0, 1]) {
    const nine = `999${String(person * 2 + offset).padStart(6, '0')}`;
    const check = (11 - (weightedSum(nine) % 11)) % 11;
    if (check !== 10) return `${nine}${check}`;
  }
  throw new RangeError(`no NHS number for person ${person}`);
}

/** Unique learner number; a remainder of 0 has no check digit. */
export function ulnOf(person: number): string {
  for (const offset of [0, 1]) {
    const nine = String(970_000_000 + person * 2 + offset);
    const remainder = weightedSum(nine) % 11;
    if (remainder !== 0) return `${nine}${10 - remainder}`;
  }
  throw new RangeError(`no ULN for person ${person}`);
}

/** National Insurance number in prefixes that begin with X; scattered, so that neighbours do not look alike. */
export function ninoOf(person: number): string {
  const second = 'ABCEGHJKLM'[Math.floor(person / 100_000) % 10] ?? 'A';
  const digits = String((person * 70_877 + 31_337) % 1_000_000).padStart(6, '0');
  return `X${second}${digits}${'ABCD'[person % 4] ?? 'A'}`;
}

/** The same number with its check digit moved on: certain to fail. */
export const withWrongCheckDigit = (tenDigits: string): string => `${tenDigits.slice(0, 9)}${(Number(tenDigits[9]) + 1) % 10}`;

/** A NINO whose first letter is one that is never issued. */
export const withWrongPrefix = (nino: string): string => `Q${nino.slice(1)}`;

/** The first 0 of a NINO written as a letter; one without a 0 stays as it is. */
export const withLetterForDigit = (nino: string): string => nino.replace('0', 'O');

/** Two neighbouring digits exchanged: a slip that a check digit sees and a NINO's format does not. */
export function withExchangedDigits(text: string): string {
  for (let index = 2; index < text.length - 1; index += 1) {
    const [left, right] = [text[index], text[index + 1]];
    if (left !== undefined && right !== undefined && left !== right && /\d/.test(left) && /\d/.test(right)) {
      return `${text.slice(0, index)}${right}${left}${text.slice(index + 2)}`;
    }
  }
  return text;
}
