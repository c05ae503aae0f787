import { changed, inShort, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import { readRti } from './partner-file.js';
import type { RtiRecord } from './rti-record.js';

const ENVELOPE = JSON.stringify({
  type: 'throughline.hmrc-rti/1',
  request: {
    nino: 'JX402917B',
    serviceName: 'throughline',
    fromDate: '2025-09-01',
    toDate: '2026-04-30',
    surname: 'Quillfeather',
    firstName: 'Orla',
    dateOfBirth: '1991-04-12',
    filterFields: ['employerPayeRef'],
  },
  response: {
    matchPattern: 63,
    taxYears: [
      {
        taxYear: '25-26',
        employerName1: 'Thistledown Bakery',
        employerPayeRef: '321/TB9',
        uniqueEmploymentSequenceNumber: 4,
        nationalInsuranceNumber: 'JX402917A',
        employmentStartDate: '2025-10-06',
        numberOfNormalHoursWorked: 'C',
        payFrequency: 'M1',
        paymentDate: '2025-11-28',
        taxablePayInPeriod: 1408.1,
        earningsPeriodsCovered: 1,
        uniquePaymentId: 880002,
        paymentConfidenceStatus: '2',
        hmrcReceiptTimestamp: '2025-11-27T10:40:00Z',
        rtiReceivedDate: '2025-11-26',
      },
      {
        taxYear: '25-26',
        employerPayeRef: '321/TB9',
        uniqueEmploymentSequenceNumber: 4,
        employmentEndDate: '2025-10-20',
        paymentDate: '2025-10-31',
        taxablePayInPeriod: 1012.55,
        paymentAfterLeaving: 'Y',
        paymentNoLongerValid: '2025-11-01',
        uniquePaymentId: 880001,
        hmrcReceiptTimestamp: '2025-10-30T11:02:09Z',
        rtiReceivedDate: '2025-12-24',
      },
    ],
  },
});

const NINO = 'JX402917';
const EMPTY = changed(ENVELOPE, /"taxYears":\[.*\]/, '"taxYears":[]');
const read = (text: string, format: 'json' | 'ndjson' = 'json'): Promise<ReadItem<RtiRecord>[]> => readAll(readRti, text, { format });
const readChanged = (from: string | RegExp, to: string): Promise<ReadItem<RtiRecord>[]> => read(changed(ENVELOPE, from, to));
const firstItem = async (from: string | RegExp, to: string) => recordAt(await readChanged(from, to), 1).items.find(({ uniquePaymentId }) => uniquePaymentId === '880002');

describe('an answer of HMRC', () => {
  it.each(['json', 'ndjson'] as const)('as %s is a section of its own that speaks for payments on the dates asked for', async (format) => {
    expect((await read(ENVELOPE, format))[0]).toEqual({
      kind: 'section',
      header: {
        clock: { instant: new Date('2025-11-27T10:40:00Z'), serial: 0 },
        scope: NINO,
        absence: { speaks: true, within: { from: '2025-09-01', to: '2026-04-30' }, families: ['payment'], parts: ['880001', '880002'] },
      },
    });
  });

  it('is one record under the number asked for, its items in order of receipt', async () => {
    const items = await read(ENVELOPE);
    expect(inShort(items)).toEqual(['2025-11-27T10:40:00.000Z', `1 record ${NINO}`]);
    expect(recordAt(items, 1)).toEqual({
      nino: NINO,
      surname: 'Quillfeather',
      firstName: 'Orla',
      dateOfBirth: '1991-04-12',
      fromDate: '2025-09-01',
      items: [
        {
          employerPayeRef: '321/TB9',
          employmentSequenceNumber: '4',
          employmentStartDate: null,
          employmentEndDate: '2025-10-20',
          uniquePaymentId: '880001',
          paymentDate: '2025-10-31',
          amountPence: 101255,
          payFrequency: null,
          periodsCovered: null,
          hours: null,
          afterLeaving: true,
          noLongerValid: true,
          confidence: null,
        },
        {
          employerPayeRef: '321/TB9',
          employmentSequenceNumber: '4',
          employmentStartDate: '2025-10-06',
          employmentEndDate: null,
          uniquePaymentId: '880002',
          paymentDate: '2025-11-28',
          amountPence: 140810,
          payFrequency: 'M1',
          periodsCovered: 1,
          hours: { atLeast: 2400, below: 3000 },
          afterLeaving: false,
          noLongerValid: false,
          confidence: 2,
        },
      ],
    });
  });

  it('keeps the order of items received at one time', async () => {
    const items = await readChanged('2025-11-27T10:40:00Z', '2025-10-30T11:02:09Z');
    expect(recordAt(items, 1).items.map(({ uniquePaymentId }) => uniquePaymentId)).toEqual(['880002', '880001']);
  });

  it.each<[string, string, readonly (readonly [string | RegExp, string])[]]>([
    ['the greatest time of receipt, though a day of receipt is later', '2025-11-27T10:40:00.000Z', []],
    ['the one time there is', '2025-10-30T11:02:09.000Z', [['"hmrcReceiptTimestamp":"2025-11-27T10:40:00Z",', '']]],
    ['the greatest day of receipt, where no item has a time', '2025-12-24T00:00:00.000Z', [[/"hmrcReceiptTimestamp":"2025-11[^,]*,/, ''], [/"hmrcReceiptTimestamp":"[^,]*,/, '']]],
  ])('has for its clock %s', async (_, instant, changes) => {
    const items = await read(changes.reduce((text, [from, to]) => changed(text, from, to), ENVELOPE));
    expect(inShort(items)).toEqual([instant, `1 record ${NINO}`]);
  });

  it.each([
    ['A', { atLeast: 0, below: 1600 }],
    ['B', { atLeast: 1600, below: 2400 }],
    ['C', { atLeast: 2400, below: 3000 }],
    ['D', { atLeast: 3000, below: null }],
    ['E', null],
  ])('has hours band %s as %j', async (band, hours) => {
    expect(await firstItem('Worked":"C"', ` Worked":"C","numberOfNormalHoursWorked":"${band}"`)).toMatchObject({ hours });
  });

  it.each([
    ['half a penny up', '0.005', 1],
    ['less than half a penny down', '0.0049', 0],
    ['a half that binary cannot hold', '1.005', 101],
    ['half a penny away from zero', '-1.005', -101],
    ['nothing, and not minus nothing', '-0.001', 0],
    ['whole pounds', '220', 22000],
  ])('rounds pay: %s', async (_, pounds, amountPence) => {
    expect((await firstItem('1408.1', pounds))?.amountPence).toBe(amountPence);
  });

  it.each<[string, string, string, object]>([
    ['a frequency HMRC may add', '"M1"', '"W3"', { payFrequency: 'UNKNOWN' }],
    ['periods that are no number', '"earningsPeriodsCovered":1', '"earningsPeriodsCovered":"some"', { periodsCovered: null }],
    ['a confidence that is no number', '"paymentConfidenceStatus":"2"', '"paymentConfidenceStatus":"high"', { confidence: null }],
    ['no amount', '"taxablePayInPeriod":1408.1,', '', { amountPence: null }],
    ['an after-leaving mark other than Y', '"uniquePaymentId":880002', '"paymentAfterLeaving":"N","uniquePaymentId":880002', { afterLeaving: false }],
    ['a blank end', '"employmentStartDate":"2025-10-06"', '"employmentStartDate":"2025-10-06","employmentEndDate":" "', { employmentEndDate: null }],
  ])('is not refused for %s', async (_, from, to, item) => {
    expect(await firstItem(from, to)).toMatchObject(item);
  });

  it('without items takes nothing back', async () => {
    expect(await read(EMPTY)).toMatchObject([
      { kind: 'section', header: { scope: NINO, absence: { speaks: false } } },
      { kind: 'record', reference: NINO, record: { items: [] } },
    ]);
  });
});

describe('a payload that is not of this feed', () => {
  it.each<[string, string, string]>([
    ['another type', changed(ENVELOPE, 'hmrc-rti/1', 'dwp-citizen/1'), 'not-this-format'],
    ['a response without its envelope', '{"matchPattern":63,"taxYears":[]}', 'not-this-format'],
    ['the start of a document', ENVELOPE.slice(0, 500), 'truncated'],
  ])('%s is refused whole', async (_, text, code) => {
    expect((await refusedWhole(readRti, text, { format: 'json' }))[0]).toBe(code);
  });

  it('is one refused record among others', async () => {
    const items = await read([changed(ENVELOPE, 'hmrc-rti/1', 'dwp-citizen/1'), ENVELOPE].join('\n'), 'ndjson');
    expect(inShort(items).filter((_, at) => at % 2 === 1)).toEqual(['1 unreadable -', `2 record ${NINO}`]);
    expect(items[1]).toMatchObject({ fault: { code: 'bad-code', path: 'type' } });
  });
});

describe('an answer that cannot be used is refused alone', () => {
  const item = 'response.taxYears[0]';
  const noTimes = (text: string): string => text.replaceAll(/"hmrcReceiptTimestamp":"[^"]*",/g, '');

  it.each<[string, string, string, string | null, string | RegExp, string]>([
    ['no number', 'missing-field', 'request.nino', null, '"nino":"JX402917B",', ''],
    ['a number that fails its check', 'identifier-check-failed', 'request.nino', null, 'JX402917B', 'JO402917B'],
    ['no first day', 'missing-field', 'request.fromDate', NINO, '"fromDate":"2025-09-01",', ''],
    ['a first day that is none', 'bad-date', 'request.fromDate', NINO, '2025-09-01', '2025-09'],
    ['no last day', 'missing-field', 'request.toDate', NINO, '"toDate":"2026-04-30",', ''],
    ['a last day that is none', 'bad-date', 'request.toDate', NINO, '2026-04-30', '2026-04-31'],
    ['a birth that is none', 'bad-date', 'request.dateOfBirth', NINO, '1991-04-12', '12 April 1991'],
    ['a time of receipt in the future', 'date-out-of-range', 'response.taxYears[].hmrcReceiptTimestamp', NINO, '2025-11-27T10:40:00Z', '2031-11-27T10:40:00Z'],
    ['no employer', 'missing-field', `${item}.employerPayeRef`, NINO, '"employerPayeRef":"321/TB9",', ''],
    ['no number of the employment', 'missing-field', `${item}.uniqueEmploymentSequenceNumber`, NINO, '"uniqueEmploymentSequenceNumber":4,', ''],
    ['another person’s item', 'conflicting-fields', `${item}.nationalInsuranceNumber`, NINO, 'JX402917A', 'JX402918A'],
    ['an item of something longer', 'conflicting-fields', `${item}.nationalInsuranceNumber`, NINO, 'JX402917A', 'JX402917A or so'],
    ['an item of nobody', 'conflicting-fields', `${item}.nationalInsuranceNumber`, NINO, '"JX402917A"', 'true'],
    ['a start that is none', 'bad-date', `${item}.employmentStartDate`, NINO, '2025-10-06', '06-10-2025'],
    ['an end that is none', 'bad-date', 'response.taxYears[1].employmentEndDate', NINO, '2025-10-20', '2025-10-20Z'],
    ['a payment date that is none', 'bad-date', `${item}.paymentDate`, NINO, '2025-11-28', '2025-11-31'],
    ['a day of receipt that is none', 'bad-date', `${item}.rtiReceivedDate`, NINO, '2025-11-26', 'yesterday'],
    ['a time of receipt that is none', 'bad-date', `${item}.hmrcReceiptTimestamp`, NINO, '2025-11-27T10:40:00Z', '2025-11-27'],
    ['a time of receipt that is no text', 'bad-date', `${item}.hmrcReceiptTimestamp`, NINO, '"2025-11-27T10:40:00Z"', '[]'],
    ['pay that is no number', 'bad-number', `${item}.taxablePayInPeriod`, NINO, '1408.1', '"1,408.10"'],
    ['pay no event could carry', 'bad-number', `${item}.taxablePayInPeriod`, NINO, '1408.1', '1e300'],
    ['an hours band that is none', 'bad-code', `${item}.numberOfNormalHoursWorked`, NINO, 'Worked":"C"', 'Worked":"F"'],
    ['an hours band that only looks like one', 'bad-code', `${item}.numberOfNormalHoursWorked`, NINO, 'Worked":"C"', 'Worked":"toString"'],
  ])('%s', async (_, code, path, reference, from, to) => {
    expect(await readChanged(from, to)).toMatchObject([
      { kind: 'section', header: { scope: reference ?? 'unreadable', absence: { speaks: false } } },
      { kind: 'unreadable', ordinal: 1, reference, fault: { code, path } },
    ]);
  });

  it('no time nor day of receipt', async () => {
    const items = await read(changed(noTimes(ENVELOPE), /"rtiReceivedDate":"2025-11-26"/, '"x":1').replace(/,"rtiReceivedDate":"[^"]*"/, ''));
    expect(items[1]).toMatchObject({ kind: 'unreadable', reference: NINO, fault: { code: 'missing-field', path: 'response.taxYears[].hmrcReceiptTimestamp' } });
  });

  it.each(['jx 40\u00a029 17', 'JX-40-29-17-A', 'jx40\u20102917'])('takes an item of the number asked for, as %s', async (written) => {
    expect(inShort(await readChanged('JX402917A', written))[1]).toBe(`1 record ${NINO}`);
  });

  it.each<[string, string, readonly (readonly [string, string])[]]>([
    ['the number', 'request.nino', [['JX402917B', '?'], ['2025-09-01', '?']]],
    ['the days asked for', 'request.fromDate', [['2025-09-01', '?'], ['2026-04-30', '?']]],
    ['the last day asked for', 'request.toDate', [['2026-04-30', '?'], ['1991-04-12', '?']]],
    ['the date of birth', 'request.dateOfBirth', [['1991-04-12', '?'], ['"employerPayeRef":"321/TB9",', '']]],
    ['the employment', `${item}.uniqueEmploymentSequenceNumber`, [['"uniqueEmploymentSequenceNumber":4,', ''], ['JX402917A', '?']]],
    ['whose it is', `${item}.nationalInsuranceNumber`, [['JX402917A', '?'], ['2025-10-06', '?']]],
    ['the start', `${item}.employmentStartDate`, [['2025-10-06', '?'], ['2025-11-28', '?']]],
    ['the payment date', `${item}.paymentDate`, [['2025-11-28', '?'], ['2025-11-26', '?']]],
    ['the day of receipt', `${item}.rtiReceivedDate`, [['2025-11-26', '?'], ['2025-11-27T10:40:00Z', '?']]],
    ['the time of receipt', `${item}.hmrcReceiptTimestamp`, [['2025-11-27T10:40:00Z', '?'], ['1408.1', '"?"']]],
    ['the pay', `${item}.taxablePayInPeriod`, [['1408.1', '"?"'], ['Worked":"C"', 'Worked":"?"']]],
  ])('at its first fault: %s', async (_, path, changes) => {
    const items = await read(changes.reduce((text, [from, to]) => changed(text, from, to), ENVELOPE));
    expect(items[1]).toMatchObject({ kind: 'unreadable', fault: { path } });
  });
});

describe('several answers about one person', () => {
  it('of one clock are one, and the first stands, even a refused one', async () => {
    const refused = changed(ENVELOPE, 'Worked":"C"', 'Worked":"F"');
    const later = changed(ENVELOPE, '2025-11-27T10:40:00Z', '2025-11-27T10:40:01Z');
    const items = await read([refused, ENVELOPE, later].join('\n'), 'ndjson');
    expect(items.filter(({ kind }) => kind !== 'section')).toMatchObject([
      { kind: 'unreadable', fault: { code: 'bad-code' } },
      { kind: 'unreadable', reference: NINO, fault: { code: 'duplicate-record' } },
      { kind: 'record' },
    ]);
  });

  it('without items have no clock to repeat', async () => {
    expect(inShort(await read([EMPTY, EMPTY].join('\n'), 'ndjson')).filter((_, at) => at % 2 === 1)).toEqual([`1 record ${NINO}`, `2 record ${NINO}`]);
  });
});
