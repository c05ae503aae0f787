import { Refused } from './days.js';
import { postcodeForm } from './identifiers.js';

// Codes that go into events as they are written (docs/mapping.md, "Codes"), written here a second time on purpose.

const KINDS = {
  organisation: /^[A-Z0-9]{3,10}$/,
  service: /^(?=\D*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/,
  useCase: /^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/,
  family: /^[a-z][a-z0-9_]{0,63}$/,
  reason: /^[a-z][a-z0-9_]{0,79}$/,
  aim: /^(?=\D*\d)[A-Za-z0-9]{8}$/,
} as const;

const MACHINE_MADE = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const RUN_OF_A_DATE = [/^(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/, /^(0[1-9]|[12]\d|3[01])(0[1-9]|1[0-2])(19|20)\d\d$/];
const PARTED_DATE = [/^(19|20)\d\d \d\d? \d\d?$/, /^\d\d? \d\d? (19|20)\d\d$/, /^\d\d \d\d \d\d$/];

function isSomebodys(words: readonly string[]): boolean {
  const bare = words.join('');
  if (/^\d{10}$/.test(bare) || /^[A-Z]{2}\d{6}[A-Z]?$/.test(bare)) return true;
  if (/^0\d{9,10}$/.test(bare) || /^(00)?44\d{9,10}$/.test(bare)) return true;
  return postcodeForm(bare) !== null || RUN_OF_A_DATE.some((shape) => shape.test(bare)) || PARTED_DATE.some((shape) => shape.test(words.join(' ')));
}

function tellsWho(code: string): boolean {
  if (MACHINE_MADE.test(code)) return false;
  const words = code.normalize('NFKC').toUpperCase().split(/[\s\p{Pd}._/]+/u);
  if (words.some((_, from) => words.slice(from).some((__, more) => isSomebodys(words.slice(from, from + more + 1))))) return true;
  return [...code.matchAll(/\d+/g)].some(([digits]) => isSomebodys([digits]));
}

/** Whether a text may leave as a code of that kind. */
export function isCode(kind: keyof typeof KINDS, text: string): boolean {
  const numbered = (kind === 'service' && /^[12]\d{9}$/.test(text)) || (kind === 'aim' && /^\d{8}$/.test(text));
  return KINDS[kind].test(text) && (numbered || !tellsWho(text));
}

/** The code, or null where there is none; refuses the record for one that may not leave. */
export function codeOf(kind: keyof typeof KINDS, text: string | null): string | null {
  if (text !== null && !isCode(kind, text)) throw new Refused();
  return text;
}
