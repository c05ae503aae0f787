import { readFileSync } from 'node:fs';
import { changed, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import type { IlrRecord, Learner } from './learner.js';
import { readIlr } from './partner-file.js';

const EXAMPLE = readFileSync(new URL('../examples/ilr-2025-26.xml', import.meta.url), 'utf8');

const read = (text: string): Promise<ReadItem<IlrRecord>[]> => readAll(readIlr, text, { format: 'xml' });

function learnerAt(items: readonly ReadItem<IlrRecord>[], ordinal: number): Learner {
  const record = recordAt(items, ordinal);
  if ('outcomes' in record) throw new Error('the record is no learner');
  return record;
}

/** Code and path of the fault of learner LWN0001 in the text. */
async function faultIn(text: string): Promise<readonly [string, string]> {
  const item = (await read(text))[1];
  if (item?.kind !== 'unreadable') throw new Error('the first learner was not refused');
  return [item.fault.code, item.fault.path];
}

describe('an ILR file', () => {
  it('opens one section that speaks for the provider and year, by the file’s own clock', async () => {
    const [section] = await read(EXAMPLE);
    expect(section).toEqual({
      kind: 'section',
      header: {
        clock: { instant: new Date('2026-03-06T17:45:10Z'), serial: 3 },
        scope: '19900001/2526',
        absence: { speaks: true },
      },
    });
  });

  it('yields every learner once, in order, under the provider’s reference', async () => {
    const items = await read(EXAMPLE);
    expect(items.slice(1).map((item) => (item.kind === 'section' ? '' : `${item.ordinal} ${item.kind} ${item.reference ?? '-'}`))).toEqual([
      '1 record 19900001/LWN0001',
      '2 record 19900001/LWN0002',
      '3 record 19900001/LWN0003',
      '4 record 19900001/LWN0004',
      '5 unreadable 19900001/LWN0005',
    ]);
  });

  it('reads what the mapping needs and nothing of the rest', async () => {
    expect(learnerAt(await read(EXAMPLE), 1)).toEqual({
      uln: '7700001005',
      niNumber: 'JX402915B',
      familyName: 'Quillfeather',
      givenNames: 'Odile Maren',
      dateOfBirth: '1998-11-23',
      postcode: 'ZA1 1AA',
      postcodePrior: 'ZA2 1AA',
      healthProblem: '1',
      statuses: [
        { code: '11', appliesFrom: '2025-08-20', employerId: null, intensity: null, selfEmployed: false, benefit: '4' },
        { code: '10', appliesFrom: '2025-10-13', employerId: '987000001', intensity: '6', selfEmployed: false, benefit: null },
        { code: '10', appliesFrom: '2026-02-02', employerId: '987000001', intensity: '8', selfEmployed: false, benefit: null },
      ],
      deliveries: [
        {
          aim: '60310017',
          startDate: '2025-09-08',
          originalStartDate: null,
          completion: '2',
          actualEndDate: '2025-12-12',
          fundModel: 38,
          outcome: 1,
        },
      ],
    });
  });

  it('puts statuses in order of date, whatever their order in the file', async () => {
    const swapped = EXAMPLE.replace('2025-08-20', '2026-03-01');
    expect(learnerAt(await read(swapped), 1).statuses.map(({ appliesFrom }) => appliesFrom)).toEqual(['2025-10-13', '2026-02-02', '2026-03-01']);
  });

  it('takes an old year by its namespace, zones on days, and a zone on the clock', async () => {
    const old = EXAMPLE.replaceAll('2025-26', '2018-19').replace('<Year>2526', '<Year>1819').replaceAll(/<DateEmpStatApp>\d{4}/g, '<DateEmpStatApp>2018');
    const items = await read(old.replace('<DateOfBirth>1998-11-23', '<DateOfBirth>1998-11-23+01:00').replace('17:45:10', '17:45:10+01:00'));
    expect(items[0]).toMatchObject({ header: { clock: { instant: new Date('2026-03-06T16:45:10Z') }, scope: '19900001/1819' } });
    expect(learnerAt(items, 1).dateOfBirth).toBe('1998-11-23');
  });
});

describe('a file that is not what it says is refused whole', () => {
  it.each<[string, string, string | RegExp, string, string]>([
    ['another namespace', 'wrong-namespace', 'ESFA/ILR/2025-26', 'ESFA/ILR/2526', 'line'],
    ['another root', 'not-this-format', /Message/g, 'Learners', 'line'],
    ['another collection', 'wrong-header', '<Collection>ILR', '<Collection>ESF', 'Header/CollectionDetails/Collection'],
    ['another year than its namespace', 'wrong-header', '<Year>2526', '<Year>2425', 'Header/CollectionDetails/Year'],
    ['years that do not follow each other', 'wrong-header', 'ESFA/ILR/2025-26', 'ESFA/ILR/2025-27', 'Header/CollectionDetails/Year'],
    ['no provider', 'wrong-header', /<LearningProvider>[^]*?<\/LearningProvider>/, '', 'Message'],
    ['a provider number too short', 'wrong-header', /<UKPRN>19900001/g, '<UKPRN>1990000', 'LearningProvider/UKPRN'],
    ['a source that is another provider', 'wrong-header', '<UKPRN>19900001', '<UKPRN>19900002', 'Header/Source/UKPRN'],
    ['a serial number that is none', 'wrong-header', '<SerialNo>03', '<SerialNo>A3', 'Header/Source/SerialNo'],
    ['no serial number', 'wrong-header', /<SerialNo>.*<\/SerialNo>/, '', 'Header/Source/SerialNo'],
    ['a clock without a time', 'wrong-header', '2026-03-06T17:45:10', '2026-03-06', 'Header/Source/DateTime'],
    ['a clock in the future', 'wrong-header', '2026-03-06T17:45:10', '2030-03-06T17:45:10', 'Header/Source/DateTime'],
    ['a clock of a day that does not exist', 'wrong-header', '2026-03-06T17:45:10', '2026-02-30T17:45:10', 'Header/Source/DateTime'],
    ['no source', 'wrong-header', /<Source>[^]*<\/Source>/, '', 'Header/Source'],
    ['no learner', 'empty', /<Learner>[^]*<\/Learner>/, '', 'Message'],
    ['the end missing', 'truncated', /<\/Learner>\s*<\/Message>\s*$/, '', 'line'],
    ['tags that do not match', 'malformed', '</ULN>', '</UNL>', 'line'],
    ['a DOCTYPE', 'doctype-forbidden', '<Message', '<!DOCTYPE Message><Message', 'line'],
  ])('%s', async (_, code, from, to, place) => {
    const [refusedFor, where] = await refusedWhole(readIlr, changed(EXAMPLE, from, to), { format: 'xml' });
    expect([refusedFor, where.replace(/^line \d+$/, 'line')]).toEqual([code, place]);
  });
});

describe('a learner who cannot be used is refused alone', () => {
  const status = 'Learner/LearnerEmploymentStatus';
  const monitoring = `${status}/EmploymentStatusMonitoring`;
  const delivery = 'Learner/LearningDelivery';

  it.each<[string, string, string, string | RegExp, string]>([
    ['no reference', 'missing-field', 'Learner/LearnRefNumber', '<LearnRefNumber>LWN0001', '<LearnRefNumber>'],
    ['a reference too long', 'bad-format', 'Learner/LearnRefNumber', 'LWN0001', 'LWN0001234567'],
    ['no ULN', 'missing-field', 'Learner/ULN', '<ULN>7700001005</ULN>', ''],
    ['a birth on a day that does not exist', 'bad-date', 'Learner/DateOfBirth', '1998-11-23', '1998-11-31'],
    ['a birth before 1900', 'bad-date', 'Learner/DateOfBirth', '1998-11-23', '1898-11-23'],
    ['no status code', 'missing-field', `${status}/EmpStat`, '<EmpStat>11</EmpStat>', ''],
    ['an unknown status code', 'bad-code', `${status}/EmpStat`, '<EmpStat>11', '<EmpStat>13'],
    ['no date of a status', 'missing-field', `${status}/DateEmpStatApp`, '<DateEmpStatApp>2025-08-20</DateEmpStatApp>', ''],
    ['a date of a status that is none', 'bad-date', `${status}/DateEmpStatApp`, '2025-08-20', '20/08/2025'],
    ['a status before 1 August 1990', 'date-out-of-range', `${status}/DateEmpStatApp`, '2025-08-20', '1990-07-31'],
    ['a status after the teaching year', 'date-out-of-range', `${status}/DateEmpStatApp`, '2025-08-20', '2026-08-01'],
    ['two statuses of one date', 'conflicting-fields', `${status}/DateEmpStatApp`, '2025-08-20', '2025-10-13'],
    ['one kind of monitoring twice', 'conflicting-fields', `${monitoring}/ESMType`, '<ESMType>BSI', '<ESMType>LOU'],
    ['an unknown hours band', 'bad-code', `${monitoring}/ESMCode`, /(EII<\/ESMType>\s*<ESMCode>)6/, '$19'],
    ['an unknown benefit', 'bad-code', `${monitoring}/ESMCode`, /(BSI<\/ESMType>\s*<ESMCode>)4/, '$17'],
    ['a paid job without hours', 'missing-field', `${monitoring}/ESMType`, '<ESMType>EII', '<ESMType>OET'],
    ['a paid job with a length of unemployment', 'conflicting-fields', `${monitoring}/ESMType`, '<ESMType>LOE', '<ESMType>LOU'],
    ['no job but hours', 'conflicting-fields', `${monitoring}/ESMType`, '<ESMType>LOU', '<ESMType>EII'],
    ['no learning', 'missing-field', delivery, /<LearningDelivery>[^]*?<\/LearningDelivery>/, ''],
    ['no aim', 'missing-field', `${delivery}/LearnAimRef`, '<LearnAimRef>60310017</LearnAimRef>', ''],
    ['a name for an aim', 'bad-format', `${delivery}/LearnAimRef`, '<LearnAimRef>60310017<', '<LearnAimRef>Zyxqname<'],
    ['a number of ten digits for an aim', 'bad-format', `${delivery}/LearnAimRef`, '<LearnAimRef>60310017<', '<LearnAimRef>9700000019<'],
    ['no start of learning', 'missing-field', `${delivery}/LearnStartDate`, '<LearnStartDate>2025-09-08</LearnStartDate>', ''],
    ['a start of learning that is none', 'bad-date', `${delivery}/LearnStartDate`, '<LearnStartDate>2025-09-08', '<LearnStartDate>2025-9-8'],
    ['no completion status', 'missing-field', `${delivery}/CompStatus`, '<CompStatus>2</CompStatus>', ''],
    ['an unknown completion status', 'bad-code', `${delivery}/CompStatus`, '<CompStatus>2', '<CompStatus>4'],
    ['completed without an end', 'missing-field', `${delivery}/LearnActEndDate`, '<LearnActEndDate>2025-12-12</LearnActEndDate>', ''],
    ['an end before the start', 'conflicting-fields', `${delivery}/LearnActEndDate`, '2025-12-12', '2025-09-07'],
    ['a fund model that is no number', 'bad-number', `${delivery}/FundModel`, '<FundModel>38', '<FundModel>X38'],
    ['an outcome that is no number', 'bad-number', `${delivery}/Outcome`, '<Outcome>1', '<Outcome>1.5'],
  ])('%s', async (_, code, path, from, to) => {
    expect(await faultIn(changed(EXAMPLE, from, to))).toEqual([code, path]);
  });

  it('makes nobody absent when not even the reference can be read', async () => {
    const items = await read(EXAMPLE.replace('LWN0001', 'LWN/0001'));
    expect(items[1]).toMatchObject({ kind: 'unreadable', reference: null });
  });

  it('takes the first learner of a reference, even a refused one, and refuses the others', async () => {
    const items = await read(EXAMPLE.replace('LWN0005', 'LWN0001').replace('LWN0004', 'LWN0001').replace('7700001005', ''));
    expect(items.slice(1).map((item) => (item.kind === 'unreadable' ? item.fault.code : item.kind))).toEqual([
      'missing-field',
      'record',
      'record',
      'duplicate-record',
      'duplicate-record',
    ]);
  });

  it('repeats no value of the learner in the fault', async () => {
    const items = await read(EXAMPLE.replace('1998-11-23', '1998-11-99').replace('<EmpStat>12', '<EmpStat>7711'));
    const faults = items.flatMap((item) => (item.kind === 'unreadable' ? [JSON.stringify(item.fault)] : []));
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toMatch(/1998|7711|LWN/);
  });
});
