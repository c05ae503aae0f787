import type { EventBody, EventType } from '@throughline/event-contracts';
import { lookAlikeOf } from '@throughline/identity';
import { loadProgrammes } from '@throughline/reference-data';
import type { FactDraft, FeedDeclaration, RecordFault, RecordOutcome } from '../adapter-declaration.js';
import { unfit } from '../readers/record-unfit.js';

type Fields = Pick<FeedDeclaration, 'fields'>;

type TextFieldOf<T extends EventType> = {
  [K in keyof EventBody<T> & string]: string extends NonNullable<EventBody<T>[K]> ? `${T}.${K}` : never;
}[keyof EventBody<T> & string];

/** A field that is free text to its schema and a source's to write: of an event's body, and what a fact belongs to. */
export type CodeField = { [T in EventType]: TextFieldOf<T> }[EventType] | typeof FAMILY;

const FAMILY = 'meta.place.family';

interface CodeShape {
  readonly shape: RegExp;
  /** As a report says it. */
  readonly expected: string;
  /** Codes that are what they look like by chance. */
  readonly known?: RegExp;
}

const GSS: CodeShape = { shape: /^[A-Z]\d{8}$/, expected: 'a GSS code: a letter and 8 digits', known: /^[A-Z]\d{8}$/ };

/**
 * A word is no code of a service: it may be a name. The Directory of Services numbers services with ten digits that begin with
 * 1 or 2; NHS numbers of England and Wales begin with 4, 6 or 7.
 */
const SERVICE: CodeShape = {
  shape: /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/,
  expected: "a service's code: up to 36 letters, digits, '.', '-' and '_', a digit among them",
  known: /^[12]\d{9}$/,
};

/**
 * The shape of every code that goes into events as a source wrote it. There is no other way for a source's own words to leave
 * an adapter, so a field added to a schema has to be given its shape here before anything compiles.
 */
const CODES: Readonly<Record<CodeField, CodeShape>> = {
  'ReferralMade.fromOrganisation': { shape: /^[A-Z0-9]{3,10}$/, expected: 'an ODS code: 3 to 10 letters and digits' },
  'ReferralMade.toService': SERVICE,
  'ReferralMade.useCase': { shape: /^[A-Za-z0-9][A-Za-z0-9._-]{0,35}$/, expected: "a use-case code: up to 36 letters, digits, '.', '-' and '_'" },
  'SupportStarted.provider': SERVICE,
  'BenefitClaimChanged.reason': { shape: /^[a-z][a-z0-9_]{0,79}$/, expected: 'a reason code in lower case with underscores' },
  // The schema's length; a word without a digit is no aim.
  'LearningStatusChanged.aim': { shape: /^(?=.*\d)[0-9A-Za-z]{8}$/, expected: 'a learning aim reference: 8 digits and letters', known: /^\d{8}$/ },
  [FAMILY]: { shape: /^[a-z][a-z0-9_]{0,63}$/, expected: 'a type in lower case with underscores' },
  'CircumstancesReported.district': GSS,
  'CircumstancesReported.ward': GSS,
};

const PROGRAMMES = loadProgrammes();

/** Codes that were found to be codes, by field: few are told again and again, and each look at one costs as much as an event's hashes. */
const seen = new Map<CodeField, Set<string>>();
const MOST_SEEN = 1_000;

/** Whether a text may stand in that field: of its shape, and like nothing that tells who somebody is. */
export const isCode = (field: CodeField, text: string): boolean => {
  let codes = seen.get(field);
  if (codes === undefined) seen.set(field, (codes = new Set()));
  if (codes.has(text)) return true;
  const { shape, known } = CODES[field];
  if (!shape.test(text) || (known?.test(text) !== true && lookAlikeOf(text) !== null)) return false;
  if (codes.size >= MOST_SEEN) codes.clear();
  codes.add(text);
  return true;
};

/** The text, if it may stand in that field; otherwise ends the reading of the record, `bad-format` at `path`. */
export const requireCode = (field: CodeField, text: string, path: string): string =>
  isCode(field, text) ? text : unfit('bad-format', path, expectedCode(field), REMEDY);

/** What a report says was expected. */
export const expectedCode = (field: CodeField): string => `${CODES[field].expected}, and nothing that tells who somebody is`;

const REMEDY = 'Give the code alone, never words or the number of a person.';

/** Whether a field of an event is one of those. */
export const isCodeField = (field: string): field is CodeField => Object.hasOwn(CODES, field);

type Facts = Pick<Extract<RecordOutcome, { fate: 'facts' }>, 'identity' | 'facts' | 'withdrawn'>;

/**
 * Why what a record says may not leave; null: it may. `path` is where the feed's declaration says that the field comes from.
 */
export function codeFault(feed: Fields, { identity, facts, withdrawn = [] }: Facts): RecordFault | null {
  for (const family of [identity?.family, ...withdrawn.map((key) => key.family), ...facts.map((fact) => fact.family)]) {
    if (family !== undefined && !isCode(FAMILY, family)) return unlikeCode(feed, FAMILY);
  }
  for (const fact of facts) {
    const fault = factFault(feed, fact);
    if (fault !== null) return fault;
  }
  return null;
}

function factFault(feed: Fields, { type, body, programme }: FactDraft): RecordFault | null {
  if (typeof programme === 'string' && !PROGRAMMES.has(programme)) {
    return { code: 'bad-code', path: pathOf(feed, 'meta.programme'), expected: `one of ${[...PROGRAMMES.keys()].join(', ')}`, remedy: 'Name the programme by its id.' };
  }
  for (const [name, value] of Object.entries(body)) {
    const field = `${type}.${name}`;
    if (typeof value === 'string' && isCodeField(field) && !isCode(field, value)) return unlikeCode(feed, field);
  }
  return null;
}

const unlikeCode = (feed: Fields, field: CodeField): RecordFault => ({ code: 'bad-format', path: pathOf(feed, field), expected: expectedCode(field), remedy: REMEDY });

const pathOf = ({ fields }: Fields, field: string): string => fields.find(({ feeds }) => feeds.includes(field))?.path ?? field;
