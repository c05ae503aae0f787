import { changed, inShort, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import type { CitizenRecord } from './citizen-record.js';
import { readCitizens } from './partner-file.js';

const ENVELOPE = JSON.stringify({
  type: 'throughline.dwp-citizen/1',
  asOf: '2026-05-01T08:00:00Z',
  request: { benefitTypes: ['universal_credit', 'carers_allowance'], effectiveFromDate: '2025-04-01', effectiveToDate: '2026-05-01' },
  match: { data: { type: 'Match', attributes: { lastName: 'Quillfeather', dateOfBirth: '1991-04-12', ninoFragment: '2917', postcode: 'ZA1 1AA' } } },
  citizen: {
    jsonapi: { version: '1.0' },
    data: {
      id: 'b7c1f0aa5d',
      type: 'Citizen',
      attributes: {
        guid: 'b7c1f0aa5d',
        nino: 'JX402917B',
        sex: 'F',
        name: { title: 'Ms', firstName: 'Orla', lastName: 'Quillfeather-Rowe' },
        dateOfBirth: { date: '1991-04-11' },
      },
    },
  },
  claims: {
    jsonapi: { version: '1.0' },
    data: [
      {
        id: '100',
        type: 'Claim',
        attributes: {
          benefitType: 'universal_credit',
          startDate: '2025-09-03',
          decisionDate: '2025-09-09',
          status: 'in_payment',
          awards: [
            { startDate: '2025-09-04', endDate: '2025-10-02', status: 'live', assessmentAttributes: { takeHomePay: 41250 } },
            { startDate: '2025-10-03', endDate: '2025-11-02', endReason: 'customer_request', status: 'live', amount: 40014, assessmentAttributes: { takeHomePay: 0 } },
          ],
        },
      },
      { id: '7', type: 'Link', attributes: {} },
      { id: '101', type: 'Claim', attributes: { benefitType: 'carers_allowance', startDate: '2024-02-05' } },
    ],
  },
});

const NINO = 'JX402917';
const read = (text: string, format: 'json' | 'ndjson' = 'json'): Promise<ReadItem<CitizenRecord>[]> => readAll(readCitizens, text, { format });
const readChanged = (from: string | RegExp, to: string): Promise<ReadItem<CitizenRecord>[]> => read(changed(ENVELOPE, from, to));
/** What the document's silence means, after a change of its request. */
const absenceAfter = async (from: string | RegExp, to: string) => {
  const [section] = await readChanged(from, to);
  return section?.kind === 'section' ? section.header.absence : undefined;
};

const LISTED = [
  'universal_credit',
  'job_seekers_allowance_income_based',
  'employment_support_allowance_income_based',
  'income_support',
  'pensions_credit',
  'carers_allowance',
  'state_pension',
];

describe('a document about a citizen', () => {
  it.each(['json', 'ndjson'] as const)('as %s is a section of its own that speaks for the benefits and dates asked for', async (format) => {
    expect((await read(ENVELOPE, format))[0]).toEqual({
      kind: 'section',
      header: {
        clock: { instant: new Date('2026-05-01T08:00:00Z'), serial: 0 },
        scope: NINO,
        absence: { speaks: true, within: { from: '2025-04-01', to: '2026-05-01' }, families: ['universal_credit', 'carers_allowance'] },
      },
    });
  });

  it('is one record under the citizen’s number, with what the mapping needs', async () => {
    const items = await read(ENVELOPE);
    expect(inShort(items)).toEqual(['2026-05-01T08:00:00.000Z', `1 record ${NINO}`]);
    expect(recordAt(items, 1)).toEqual({
      nino: NINO,
      firstName: 'Orla',
      lastName: 'Quillfeather-Rowe',
      dateOfBirth: '1991-04-11',
      postcode: 'ZA1 1AA',
      askedOn: '2026-05-01',
      claims: [
        {
          benefitType: 'universal_credit',
          startDate: '2025-09-03',
          awards: [
            { startDate: '2025-09-04', endDate: '2025-10-02', endReason: null, amountPence: null, takeHomePayPence: 41250 },
            { startDate: '2025-10-03', endDate: '2025-11-02', endReason: 'customer_request', amountPence: 40014, takeHomePayPence: 0 },
          ],
        },
        { benefitType: 'carers_allowance', startDate: '2024-02-05', awards: [] },
      ],
    });
  });

  it('has no more than its number, its clock and a list of claims to have', async () => {
    const bare = '{"type":"throughline.dwp-citizen/1","asOf":"2026-05-01T08:00:00Z","citizen":{"data":{"attributes":{"nino":" jx 40 29 17 "}}},"claims":{"data":[]}}';
    const items = await read(bare);
    expect(items[0]).toMatchObject({ header: { absence: { speaks: true, within: { from: '1900-01-01', to: '2099-12-31' }, families: LISTED } } });
    expect(recordAt(items, 1)).toEqual({ nino: NINO, firstName: null, lastName: null, dateOfBirth: null, postcode: null, askedOn: '2026-05-01', claims: [] });
  });

  it.each([
    ['in UTC where it says no zone', '2026-05-01T08:00:00', '2026-05-01T08:00:00.000Z', '2026-05-01'],
    ['by the writer’s calendar', '2026-05-01T00:30:00+01:00', '2026-04-30T23:30:00.000Z', '2026-05-01'],
  ])('was asked for %s', async (_, asOf, instant, askedOn) => {
    const items = await readChanged('2026-05-01T08:00:00Z', asOf);
    expect(inShort(items)[0]).toBe(instant);
    expect(recordAt(items, 1)).toMatchObject({ askedOn });
  });
});

describe('what a document’s silence takes back', () => {
  const all = { from: '1900-01-01', to: '2099-12-31' };

  it.each<[string, string, string, object]>([
    ['from the first day on, where no last day is asked for', ',"effectiveToDate":"2026-05-01"', '', { from: '2025-04-01', to: all.to }],
    ['up to the last day, where no first day is asked for', ',"effectiveFromDate":"2025-04-01"', '', { from: all.from, to: '2026-05-01' }],
    ['on any day, where none is asked for', ',"effectiveFromDate":"2025-04-01","effectiveToDate":"2026-05-01"', '', all],
  ])('lies %s', async (_, from, to, within) => {
    expect(await absenceAfter(from, to)).toMatchObject({ speaks: true, within });
  });

  it.each<[string, string, readonly string[]]>([
    ['every benefit listed, where none is asked for', '', LISTED],
    ['every benefit listed, where what is asked for is blank', '"benefitTypes":null,', LISTED],
    ['those asked for, listed or not', '"benefitTypes":["winter_fuel"," state_pension "],', ['winter_fuel', 'state_pension']],
    ['nothing, where nothing is asked for', '"benefitTypes":[],', []],
    ['nothing, where what is asked for is no list', '"benefitTypes":"universal_credit",', []],
    ['nothing that could be somebody', '"benefitTypes":["jx402917b","Orla","income_support"],', ['income_support']],
    ['never who the person is', '"benefitTypes":["person","income_support"],', ['income_support']],
  ])('is of %s', async (_, asked, families) => {
    expect(await absenceAfter(/"benefitTypes":\[[^\]]*\],/, asked)).toMatchObject({ families });
  });

  it('is of the benefits that the document names too, where none is asked for', async () => {
    const named = changed(ENVELOPE, /"benefitTypes":\[[^\]]*\],/, '').replace('"benefitType":"carers_allowance"', '"benefitType":"winter_fuel"').replace('"benefitType":"universal_credit"', '"benefitType":"person"');
    const [section] = await read(named);
    expect(section).toMatchObject({ header: { absence: { families: [...LISTED, 'winter_fuel'] } } });
  });
});

describe('a payload that is not of this feed', () => {
  it.each<[string, string, string, string]>([
    ['another type', changed(ENVELOPE, 'dwp-citizen/1', 'hmrc-rti/1'), 'not-this-format', 'type'],
    ['no envelope', '{"data":[]}', 'not-this-format', 'type'],
    ['a list', '[]', 'not-this-format', 'type'],
    ['the start of a document', ENVELOPE.slice(0, 600), 'truncated', 'line 1'],
    ['no JSON', 'type: throughline.dwp-citizen/1', 'malformed', 'line 1'],
    ['nothing', '\n', 'empty', 'line 1'],
  ])('%s is refused whole', async (_, text, code, place) => {
    expect(await refusedWhole(readCitizens, text, { format: 'json' })).toEqual([code, place]);
  });

  it('is refused whole as a format that the feed has not', async () => {
    expect(await refusedWhole(readCitizens, ENVELOPE, { format: 'xml' })).toEqual(['not-this-format', 'Content-Type']);
  });

  it('is one refused record among others, that nobody is absent for', async () => {
    const items = await read([changed(ENVELOPE, 'dwp-citizen/1', 'dwp-citizen/2'), '{"type":', ENVELOPE].join('\n'), 'ndjson');
    expect(inShort(items).filter((_, at) => at % 2 === 1)).toEqual(['1 unreadable -', '2 unreadable -', `3 record ${NINO}`]);
    expect(items[0]).toMatchObject({ kind: 'section', header: { absence: { speaks: false } } });
    expect(items[1]).toMatchObject({ fault: { code: 'bad-code', path: 'type' } });
    expect(items[3]).toMatchObject({ fault: { code: 'bad-format', path: 'line' } });
  });
});

describe('a document that cannot be used is refused alone', () => {
  const citizen = 'citizen.data.attributes';
  const claim = 'claims.data[0].attributes';

  it.each<[string, string, string, string | null, string | RegExp, string]>([
    ['no asOf', 'missing-field', 'asOf', null, '"asOf":"2026-05-01T08:00:00Z",', ''],
    ['an asOf without a time', 'bad-date', 'asOf', null, '2026-05-01T08:00:00Z', '2026-05-01'],
    ['an asOf in the future', 'date-out-of-range', 'asOf', null, '2026-05-01T', '2030-05-01T'],
    ['an asOf on a day that does not exist', 'bad-date', 'asOf', null, '2026-05-01T', '2026-04-31T'],
    ['no number', 'missing-field', `${citizen}.nino`, null, '"nino":"JX402917B",', ''],
    ['a prefix that is not issued', 'identifier-check-failed', `${citizen}.nino`, null, 'JX402917B', 'BG402917B'],
    ['a letter that is not used', 'identifier-check-failed', `${citizen}.nino`, null, 'JX402917B', 'QX402917B'],
    ['a suffix that is not used', 'identifier-check-failed', `${citizen}.nino`, null, 'JX402917B', 'JX402917E'],
    ['a number too short', 'identifier-check-failed', `${citizen}.nino`, null, 'JX402917B', 'JX40291B'],
    ['a first day asked for that is none', 'bad-date', 'request.effectiveFromDate', NINO, '2025-04-01', '01/04/2025'],
    ['a last day asked for that is none', 'bad-date', 'request.effectiveToDate', NINO, '"effectiveToDate":"2026-05-01"', '"effectiveToDate":"2026-05"'],
    ['a birth on a day that does not exist', 'bad-date', `${citizen}.dateOfBirth.date`, NINO, '1991-04-11', '1991-04-31'],
    ['a birth that is no text', 'bad-date', `${citizen}.dateOfBirth.date`, NINO, '{"date":"1991-04-11"}', '{"date":["1991-04-11"]}'],
    ['no claims document', 'missing-field', 'claims.data', NINO, '"claims":{', '"entitlements":{'],
    ['claims that are no list', 'missing-field', 'claims.data', NINO, /"data":\[.*\]/, '"data":{}'],
    ['no benefit type', 'missing-field', `${claim}.benefitType`, NINO, '"benefitType":"universal_credit",', ''],
    ['a benefit type that is none', 'bad-format', `${claim}.benefitType`, NINO, '"benefitType":"universal_credit"', '"benefitType":"Universal Credit"'],
    ['a benefit type too long', 'bad-format', `${claim}.benefitType`, NINO, '"benefitType":"universal_credit"', `"benefitType":"${'u'.repeat(65)}"`],
    ['no start of a claim', 'missing-field', `${claim}.startDate`, NINO, '"startDate":"2025-09-03",', ''],
    ['a start of a claim that is none', 'bad-date', `${claim}.startDate`, NINO, '"startDate":"2025-09-03"', '"startDate":"2025-13-01"'],
    ['no start of an award', 'missing-field', `${claim}.awards[1].startDate`, NINO, '"startDate":"2025-10-03",', ''],
    ['a start of an award that is none', 'bad-date', `${claim}.awards[1].startDate`, NINO, '"startDate":"2025-10-03"', '"startDate":"2025-10-32"'],
    ['an end of an award that is none', 'bad-date', `${claim}.awards[0].endDate`, NINO, '"endDate":"2025-10-02"', '"endDate":"2025-10-02T00:00:00Z"'],
    ['an end of an award that is no text', 'bad-date', `${claim}.awards[0].endDate`, NINO, '"endDate":"2025-10-02"', '"endDate":{"date":"2025-10-02"}'],
    ['a reason that is no code', 'bad-code', `${claim}.awards[1].endReason`, NINO, 'customer_request', 'Orla asked to'],
    ['a number for a reason', 'bad-code', `${claim}.awards[1].endReason`, NINO, 'customer_request', '9990000018'],
    ['a National Insurance number for a reason', 'bad-code', `${claim}.awards[1].endReason`, NINO, 'customer_request', 'xa102214b'],
    ['a reason too long', 'bad-code', `${claim}.awards[1].endReason`, NINO, 'customer_request', 'r'.repeat(81)],
    ['a reason that is no text', 'bad-code', `${claim}.awards[1].endReason`, NINO, '"customer_request"', '["customer_request"]'],
    ['an amount in pounds and pence', 'bad-number', `${claim}.awards[1].amount`, NINO, '40014', '400.14'],
    ['an amount written as text', 'bad-number', `${claim}.awards[1].amount`, NINO, '40014', '"40014"'],
    ['an amount no event could carry', 'bad-number', `${claim}.awards[1].amount`, NINO, '40014', '9e15'],
    ['take-home pay that is no number', 'bad-number', `${claim}.awards[0].assessmentAttributes.takeHomePay`, NINO, '41250', 'true'],
  ])('%s', async (_, code, path, reference, from, to) => {
    expect(await readChanged(from, to)).toMatchObject([
      { kind: 'section', header: { scope: reference ?? 'unreadable', absence: { speaks: false } } },
      { kind: 'unreadable', ordinal: 1, reference, fault: { code, path } },
    ]);
  });

  it('a second claim of one benefit and start, before anything of its awards', async () => {
    const twice = changed(ENVELOPE, '"benefitType":"carers_allowance","startDate":"2024-02-05"', '"benefitType":"universal_credit","startDate":"2025-09-03","awards":[{}]');
    expect((await read(twice))[1]).toMatchObject({ fault: { code: 'duplicate-record', path: 'claims.data[2].attributes' } });
  });

  it.each([
    ['one start', 'carers_allowance', '2025-09-03'],
    ['one benefit', 'universal_credit', '2024-02-05'],
  ])('takes two claims of %s alone', async (_, benefitType, startDate) => {
    const items = await readChanged('"benefitType":"carers_allowance","startDate":"2024-02-05"', `"benefitType":"${benefitType}","startDate":"${startDate}"`);
    expect(recordAt(items, 1).claims.map((claim) => [claim.benefitType, claim.startDate])).toEqual([
      ['universal_credit', '2025-09-03'],
      [benefitType, startDate],
    ]);
  });

  // Each fault with the next one of the page's order beside it: the earlier is the one reported.
  it.each<[string, string, readonly (readonly [string, string])[]]>([
    ['asOf', 'asOf', [['2026-05-01T08:00:00Z', 'now'], ['JX402917B', 'none']]],
    ['the number', `${citizen}.nino`, [['JX402917B', 'none'], ['2025-04-01', 'none']]],
    ['the days asked for', 'request.effectiveFromDate', [['2025-04-01', 'none'], ['"effectiveToDate":"2026-05-01"', '"effectiveToDate":"none"'], ['1991-04-11', 'none']]],
    ['the date of birth', `${citizen}.dateOfBirth.date`, [['1991-04-11', 'none'], ['"claims":{', '"claim":{']]],
    ['the benefit type', `${claim}.benefitType`, [['"benefitType":"universal_credit"', '"benefitType":"?"'], ['"startDate":"2025-09-03"', '"startDate":"?"']]],
    ['the claim’s start', `${claim}.startDate`, [['"startDate":"2025-09-03"', '"startDate":"?"'], ['2025-09-04', '?']]],
    ['the award’s start', `${claim}.awards[0].startDate`, [['2025-09-04', '?'], ['2025-10-02', '?']]],
    ['the award’s end', `${claim}.awards[1].endDate`, [['2025-11-02', '?'], ['customer_request', '?']]],
    ['the reason', `${claim}.awards[1].endReason`, [['customer_request', '?'], ['40014', '"?"']]],
    ['the amount', `${claim}.awards[1].amount`, [['40014', '"?"'], ['"takeHomePay":0', '"takeHomePay":"?"']]],
  ])('at its first fault: %s', async (_, path, changes) => {
    const items = await read(changes.reduce((text, [from, to]) => changed(text, from, to), ENVELOPE));
    expect(items[1]).toMatchObject({ kind: 'unreadable', fault: { path } });
  });

  it('repeats no value of the document in the fault', async () => {
    const items = await readChanged('customer_request', 'Quillfeather died 1991');
    expect(items[1]?.kind).toBe('unreadable');
    expect(JSON.stringify(items.map((item) => (item.kind === 'unreadable' ? item.fault : null)))).not.toMatch(/Quillfeather|1991|JX40/);
  });
});

describe('several documents about one citizen', () => {
  it('of different instants are read each, of one instant the first alone, even a refused one', async () => {
    const refused = changed(ENVELOPE, '2025-04-01', 'none');
    const later = changed(ENVELOPE, '2026-05-01T08:00:00Z', '2026-05-02T08:00:00Z');
    const sameInstant = changed(ENVELOPE, '2026-05-01T08:00:00Z', '2026-05-01T09:00:00+01:00');
    const items = await read([refused, later, sameInstant, changed(ENVELOPE, 'JX402917B', 'JX402918A')].join('\n'), 'ndjson');
    expect(inShort(items).filter((_, at) => at % 2 === 1)).toEqual([`1 unreadable ${NINO}`, `2 record ${NINO}`, `3 unreadable ${NINO}`, '4 record JX402918']);
    expect(items[5]).toMatchObject({ fault: { code: 'duplicate-record' } });
  });
});
