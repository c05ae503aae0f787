import { readdirSync, readFileSync } from 'node:fs';
import { defaultBody, EVENT_TYPES } from '@throughline/event-contracts';
import type { EventType } from '@throughline/event-contracts';
import { lookAlikeOf } from '@throughline/identity';
import type { FactDraft } from '../adapter-declaration.js';
import { codeFault, isCode } from './event-codes.js';

const SCHEMAS = new URL('../../../../schemas/', import.meta.url);

interface Node {
  readonly type?: unknown;
  readonly name?: string;
  readonly items?: unknown;
  readonly fields?: readonly { readonly name: string; readonly type: unknown }[];
}

const newest = (folder: string): Node => {
  const versions = readdirSync(new URL(`${folder}/`, SCHEMAS)).flatMap((file) => /^v(\d+)\.avsc$/.exec(file)?.[1] ?? []);
  return JSON.parse(readFileSync(new URL(`${folder}/v${Math.max(...versions.map(Number))}.avsc`, SCHEMAS), 'utf8')) as Node;
};
const NAMED = new Map(['types', 'records'].flatMap((kind) => readdirSync(new URL(`${kind}/`, SCHEMAS)).map((name) => [name, `${kind}/${name}`] as const)));

/** Paths of all texts below a schema. */
function textsOf(schema: unknown, path: readonly string[]): string[] {
  if (schema === 'string') return [path.join('.')];
  if (typeof schema === 'string') {
    const folder = NAMED.get(schema);
    return folder === undefined ? [] : textsOf(newest(folder), path);
  }
  if (Array.isArray(schema)) return schema.flatMap((branch) => textsOf(branch, path));
  const { type, fields, items } = schema as Node;
  if (fields !== undefined) return fields.flatMap((field) => textsOf(field.type, [...path, field.name]));
  return items === undefined ? textsOf(type, path) : textsOf(items, path);
}

/** Texts that no source writes: from the adapter's own settings and keys, or one of a closed list that `codeFault` holds. */
const OURS = ['meta.source.partner', 'meta.source.system', 'meta.agreementId', 'meta.programme', 'identifiers.token.keyId'];

/** What a fact belongs to: the one text of a source outside its event's body. */
const FAMILY = 'meta.place.family';
const nameOf = (type: EventType, field: string): string => (field === FAMILY ? FAMILY : `${type}.${field}`);

const FIELDS: readonly (readonly [type: EventType, field: string])[] = EVENT_TYPES.flatMap((type) =>
  textsOf(newest(`events/${type}`), [])
    .filter((field) => !OURS.includes(field))
    .map((field) => [type, field] as const),
);

const feed = { fields: [{ path: 'a_column', meaning: '', required: false, feeds: ['ReferralMade.toService', 'meta.programme'] }] };
const fact = (type: EventType, body: object, more: Partial<FactDraft> = {}): FactDraft =>
  ({ type, naturalKey: ['k'], occurredOn: '2026-01-01', body: { ...defaultBody(type), ...body }, ...more }) as FactDraft;

const faultOf = (...facts: readonly FactDraft[]) => codeFault(feed, { identity: null, facts });
const inField = (type: EventType, field: string, code: string | null): FactDraft => (field === FAMILY ? fact(type, {}, code === null ? {} : { family: code }) : fact(type, { [field]: code }));

/** Of each kind one that is right and one that is not. */
const PERSONAL = [
  ...['9434765919', '943 476 5919', '943-476-5919', '943.476.5919', '9434765918', '4000000000'],
  ...['JX402917B', 'JX402917', 'jx 40 29 17 b', 'jx-40-29-17-b', 'JX_40_29_17_B', 'QQ123456C'],
  ...['orla@example.org', 'orla.quillfeather@example.org'],
  ...['01614960000', '0161 496 0000', '0161-496-0000', '+44 161 496 0000', '00441614960000', '441614960000', '07700900123'],
  ...['ZA1 1AA', 'ZA11AA', 'za1-1aa', 'm1 1aa', 'ZZ99 9ZZ'],
  ...['1991-04-12', '12-04-1991', '12/04/1991', '1991-4-2', '01.01.80', '01-01-80', 'jsmith-01-01-1980', 'x.01.01.80'],
  ...['NHS-9434765919', '9434765919-1', 'a_943_476_5919', 'nhs9434765919', 'JX402917B-1', 'x.jx.40.29.17.b', 'tel-01614960000', 'tel01614960000', 'home-za1-1aa', 'm11aa_2'],
  ...['Orla Quillfeather', "O'Brien", 'asked for by her mother', '', ' ', '\u00c9milie', 'x'.repeat(100)],
];

const CODES: Readonly<Record<string, readonly string[]>> = {
  'ReferralMade.fromOrganisation': ['X9Z01', 'R0A', 'RXWAS', 'P81001', 'G6V2S'],
  'ReferralMade.toService': ['2000099901', '1315835856', '990000107', '99', 'X9Z77', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'ab402917-7dec-4ed0-a765-9434765919ab', 'ward-3-1980', '19801399'],
  'ReferralMade.useCase': ['a5t2', 'work-and-health', 'employment-support', '12'],
  'SupportStarted.provider': ['X9Z77', '990000107', 'hub_7'],
  'BenefitClaimChanged.reason': ['customer_request', 'customer_earnings_above_limit', 'x1'],
  'LearningStatusChanged.aim': ['60145678', '10041980', 'Z0001234', 'ZPROG001', '00300545'],
  'CircumstancesReported.district': ['E08000001', 'W06000015'],
  'CircumstancesReported.ward': ['E05000650', 'E05011980'],
  [FAMILY]: ['universal_credit', 'payment', 'person'],
};

describe('every text field of every event', () => {
  it('has a shape, or is no source’s to write', () => {
    expect(new Set(FIELDS.map(([type, field]) => nameOf(type, field)))).toEqual(new Set(Object.keys(CODES)));
    // And what is no source's stands in the schemas.
    expect(new Set(EVENT_TYPES.flatMap((type) => textsOf(newest(`events/${type}`), [])))).toEqual(new Set([...OURS, ...FIELDS.map(([, field]) => field)]));
  });

  it.each(FIELDS)('%s.%s lets codes through', (type, field) => {
    for (const code of CODES[nameOf(type, field)] ?? []) expect({ code, fault: faultOf(inField(type, field, code)) }).toEqual({ code, fault: null });
    expect(faultOf(inField(type, field, null))).toBeNull();
  });

  it.each(FIELDS)('%s.%s lets nobody’s number, name, address or words through', (type, field) => {
    // An aim may be any eight digits.
    const compact = field === 'aim' ? ['dob19910412'] : ['19910412', '12041991'];
    for (const value of [...PERSONAL, ...compact]) expect({ value, code: faultOf(inField(type, field, value))?.code }).toEqual({ value, code: 'bad-format' });
  });
});

describe('a code that may not leave', () => {
  it('is named by the place that the partner knows, with what is expected and what to do, and never repeated', () => {
    const fault = faultOf(fact('ReferralMade', { toService: 'ZA1 1AA' }));
    expect(fault).toMatchObject({ code: 'bad-format', path: 'a_column' });
    expect(JSON.stringify(fault)).not.toContain('ZA1');
    expect(faultOf(fact('ReferralMade', { useCase: 'ZA1 1AA' }))?.path).toBe('ReferralMade.useCase');
  });

  it('is what somebody or something taken back belongs to, too', () => {
    const family = 'jx402917b';
    expect(codeFault(feed, { identity: { recordKind: 'citizen', occurredOn: '2026-01-01', family }, facts: [] })).toMatchObject({ code: 'bad-format' });
    expect(codeFault(feed, { identity: null, facts: [], withdrawn: [{ type: 'JobStarted', naturalKey: ['k'], family }] })).toMatchObject({ code: 'bad-format' });
  });

  it('of a service is not a word alone', () => {
    expect([isCode('ReferralMade.toService', 'Quillfeather'), isCode('SupportStarted.provider', 'Orla')]).toEqual([false, false]);
  });

  it('is a programme that is none', () => {
    expect(faultOf(fact('SupportStarted', {}, { programme: 'Orla' }))).toMatchObject({ code: 'bad-code', path: 'a_column' });
    expect(faultOf(fact('SupportStarted', {}, { programme: 'workwell' }))).toBeNull();
    expect(faultOf(fact('SupportStarted', {}, { programme: null }))).toBeNull();
  });
});

describe('a look-alike', () => {
  it.each([
    ['9434765919', 'number of ten digits'],
    ['JX 40 29 17 B', 'National Insurance number'],
    ['0161.496.0000', 'telephone number'],
    ['za1-1aa', 'postcode'],
    ['12/04/1991', 'date'],
    ['19910412', 'date'],
    ['NHS-9434765919', 'number of ten digits'],
    ['990000107', null],
    ['R0A', null],
  ])('%s: %s', (text, kind) => {
    expect(lookAlikeOf(text)).toBe(kind);
  });
});

it('judges a code by its own field, whatever another took, and as often as it is told', () => {
  for (let round = 0; round < 3; round += 1) {
    expect(isCode('LearningStatusChanged.aim', '19910412')).toBe(true);
    expect(isCode('SupportStarted.provider', '19910412')).toBe(false);
    for (let number = 0; number < 1_200; number += 1) expect(isCode('SupportStarted.provider', `S-${number}-x`)).toBe(true);
    expect(isCode('SupportStarted.provider', '9434765919')).toBe(false);
  }
});
