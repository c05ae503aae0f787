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

function tellsWho(code: string): boolean {
  const bare = code.normalize('NFKC').replace(/[\s\p{Pd}._/]/gu, '').toUpperCase();
  if (/^\d{10}$/.test(bare) || /^[A-Z]{2}\d{6}[A-Z]?$/.test(bare)) return true;
  if (/^0\d{9,10}$/.test(bare) || /^(00)?44\d{9,10}$/.test(bare)) return true;
  if (postcodeForm(bare) !== null) return true;
  const parts = code.split(/[-._/]/);
  return parts.length === 3 && (/^(19|20)\d\d-\d\d-\d\d$/.test(parts.join('-')) || /^\d\d-\d\d-(19|20)\d\d$/.test(parts.join('-')));
}

/** Whether a text may leave as a code of that kind. */
export function isCode(kind: keyof typeof KINDS, text: string): boolean {
  const numbered = kind === 'service' && /^[12]\d{9}$/.test(text);
  return KINDS[kind].test(text) && (numbered || !tellsWho(text));
}

/** The code, or null where there is none; refuses the record for one that may not leave. */
export function codeOf(kind: keyof typeof KINDS, text: string | null): string | null {
  if (text !== null && !isCode(kind, text)) throw new Refused();
  return text;
}
