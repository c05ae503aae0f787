import { createHash } from 'node:crypto';
import type {
  FactDraft,
  FeedDeclaration,
  MappingContext,
  PayloadFormat,
  ReadContext,
  ReadItem,
  RecordOutcome,
  SectionHeader,
  SubmissionParameters,
} from '../adapter-declaration.js';
import { collect, payloadOf, refusalOf } from '../readers/payload-builders.js';
import { DEFAULT_LIMITS } from '../runtime/adapter-options.js';
import { TEST_NOW } from './test-adapter.js';

// For the tests of an adapter's own two files: its reader and its mapping, without the kit around them.

type Reader<R> = FeedDeclaration<R>['read'];

/** How a text reaches a reader; what is left out is at its default. */
export type ReadWith = Partial<Omit<ReadContext, 'parameters' | 'format'>> & {
  readonly format: PayloadFormat;
  readonly parameters?: Partial<SubmissionParameters>;
};

/** What a caller says who says nothing beside the payload. */
export const NO_PARAMETERS: SubmissionParameters = { asOf: null, programme: null, fullExtract: false, part: null };

const contextOf = ({ format, parameters, limits = DEFAULT_LIMITS, latestClock = TEST_NOW }: ReadWith): ReadContext => ({
  format,
  parameters: { ...NO_PARAMETERS, ...parameters },
  limits,
  latestClock,
});

/** Everything a reader yields for a text, which reaches it in pieces that cut words and characters in two. */
export const readAll = async <R>(read: Reader<R>, text: string, how: ReadWith): Promise<ReadItem<R>[]> => collect(read(payloadOf(text, 613), contextOf(how)));

/** Code and place for which a text is refused whole; throws where it is not. */
export const refusedWhole = async <R>(read: Reader<R>, text: string, how: ReadWith): Promise<readonly [code: string, place: string]> => {
  const { code, place } = await refusalOf(read(payloadOf(text, 613), contextOf(how)));
  return [code, place];
};

/** The record among the items at that position (the section is the first); throws where there is none. */
export const recordAt = <R>(items: readonly ReadItem<R>[], at: number): R => {
  const item = items[at];
  if (item?.kind !== 'record') throw new Error(`item ${at} is ${item === undefined ? 'not there' : `of kind ${item.kind}`}`);
  return item.record;
};

/** Items in short: sections by the time of their clock, others as `ordinal kind reference`. */
export const inShort = (items: readonly ReadItem<unknown>[]): readonly string[] =>
  items.map((item) => (item.kind === 'section' ? item.header.clock.instant.toISOString() : `${item.ordinal} ${item.kind} ${item.reference ?? '-'}`));

/** The text with the first occurrence of `from` changed; throws where that changes nothing, so that no test rests on a text that is gone. */
export const changed = (text: string, from: string | RegExp, to: string): string => {
  const result = text.replace(from, to);
  if (result === text) throw new Error('the change changes nothing');
  return result;
};

const hashOf = (...parts: readonly string[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest().subarray(0, 16);

/** A context whose hashes have no key; a test names an expected one by asking the same context. */
export const mappingContext = (
  scope: string,
  places: Readonly<Record<string, { readonly district: string; readonly ward: string | null }>> = {},
  parameters: Partial<SubmissionParameters> = {},
): MappingContext => {
  const section: SectionHeader = { clock: { instant: new Date(0), serial: 0 }, scope, absence: { speaks: false } };
  return {
    parameters: { ...NO_PARAMETERS, ...parameters },
    section,
    subject: hashOf('subject'),
    factId: (key) => hashOf('fact', key.scope ?? scope, key.type, ...key.naturalKey),
    keyed: (kind, ...parts) => hashOf(kind, ...parts),
    locate: (postcode) => (Object.hasOwn(places, postcode) ? (places[postcode] ?? null) : null),
  };
};

/** Outcome of a record that makes facts; throws for another fate. */
export const factsOutcome = (outcome: RecordOutcome): Extract<RecordOutcome, { fate: 'facts' }> => {
  if (outcome.fate !== 'facts') throw new Error(`the record was ${outcome.fate}`);
  return outcome;
};

/** The facts of one type among those of an outcome; throws for another fate. */
export const factsOfType = (outcome: RecordOutcome, type: FactDraft['type']): readonly FactDraft[] =>
  factsOutcome(outcome).facts.filter((fact) => fact.type === type);
