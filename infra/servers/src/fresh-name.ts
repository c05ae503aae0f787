import { randomBytes } from 'node:crypto';

const LETTERS = 'abcdefghijklmnop';

/**
 * A name that no other test uses, for a topic, a group or a deployment. Letters only: a deployment's name may hold no long
 * number.
 */
export const freshName = (prefix: string): string => `${prefix}-${[...randomBytes(8)].map((byte) => LETTERS[byte % LETTERS.length]!).join('')}`;
