import { readFileSync } from 'node:fs';
import { changed, readAll, recordAt } from '@throughline/adapter-kit/testing';
import type { ReadItem } from '@throughline/adapter-kit';
import type { IlrRecord } from './learner.js';
import { readIlr } from './partner-file.js';

const EXAMPLE = readFileSync(new URL('../examples/ilr-2023-24.xml', import.meta.url), 'utf8');

const read = (text: string): Promise<ReadItem<IlrRecord>[]> => readAll(readIlr, text, { format: 'xml' });

/** Code and path of the fault of LWN0087, the third record. */
async function faultIn(text: string): Promise<readonly [string, string]> {
  const item = (await read(text))[3];
  if (item?.kind !== 'unreadable') throw new Error('the record was not refused');
  return [item.fault.code, item.fault.path];
}

describe('destinations of a file up to 2023-24', () => {
  it('are records of their own, under the reference of the learner', async () => {
    const items = await read(EXAMPLE);
    expect(items.slice(1).map((item) => (item.kind === 'section' ? '' : `${item.ordinal} ${item.kind} ${item.reference ?? '-'}`))).toEqual([
      '1 record 19900001/LWN0101',
      '2 record 19900001/LWN0101',
      '3 record 19900001/LWN0087',
      '4 record 19900001/LWN0090',
      '5 record 19900001/LWN0091',
      '6 unreadable 19900001/LWN0092',
    ]);
  });

  it('hold the ULN and the outcomes that say something of work', async () => {
    const items = await read(EXAMPLE);
    expect(recordAt(items, 3)).toEqual({
      uln: '7700001056',
      outcomes: [
        { code: 'EMP5', startDate: '2023-08-14', endDate: '2024-01-31', collectedOn: '2024-02-12' },
        { code: 'NPE1', startDate: '2024-02-01', endDate: null, collectedOn: '2024-02-12' },
      ],
    });
    expect(recordAt(items, 4)).toEqual({ uln: '9999999999', outcomes: [] });
  });

  it('may be all that a file holds', async () => {
    const items = await read(changed(EXAMPLE, /<Learner>[^]*<\/Learner>/, ''));
    expect(items.map(({ kind }) => kind)).toEqual(['section', 'record', 'record', 'record', 'record', 'unreadable']);
  });

  it('are read over in a later year, whose files have none', async () => {
    const later = EXAMPLE.replaceAll('2023-24', '2024-25').replace('<Year>2324', '<Year>2425');
    expect((await read(later)).map(({ kind }) => kind)).toEqual(['section', 'record']);
    await expect(read(changed(later, /<Learner>[^]*<\/Learner>/, ''))).rejects.toMatchObject({ code: 'empty' });
  });

  it('are nobody’s where the reference cannot be read', async () => {
    expect((await read(changed(EXAMPLE, 'LWN0087', 'LWN/0087')))[3]).toMatchObject({ kind: 'unreadable', reference: null, fault: { path: 'LearnerDestinationandProgression/LearnRefNumber' } });
  });

  it('begin within ten years before and one after the year, and are collected by the file’s own day', async () => {
    const edge = (start: string): Promise<ReadItem<IlrRecord>[]> => read(changed(EXAMPLE, '2023-08-14', start));
    expect((await edge('2013-08-01'))[3]).toMatchObject({ kind: 'record' });
    expect(await faultIn(changed(EXAMPLE, '2023-08-14', '2013-07-31'))).toEqual(['date-out-of-range', 'LearnerDestinationandProgression/DPOutcome/OutStartDate']);
    const started = (day: string): string => EXAMPLE.replace('<OutStartDate>2024-02-01', `<OutStartDate>${day}`);
    expect((await read(started('2025-07-31')))[3]).toMatchObject({ kind: 'record' });
    expect(await faultIn(started('2025-08-01'))).toEqual(['date-out-of-range', 'LearnerDestinationandProgression/DPOutcome/OutStartDate']);
    const collected = (day: string): string => EXAMPLE.replace('16:05:00', '23:30:00-02:00').replaceAll('<OutCollDate>2024-02-12', `<OutCollDate>${day}`);
    expect((await read(collected('2024-10-17')))[3]).toMatchObject({ kind: 'record' });
    expect(await faultIn(collected('2024-10-18'))).toEqual(['date-out-of-range', 'LearnerDestinationandProgression/DPOutcome/OutCollDate']);
  });

  it.each<[string, string, string, string | RegExp, string]>([
    ['told twice for one learner', 'duplicate-record', 'LearnRefNumber', 'LWN0087', 'LWN0101'],
    ['without ULN', 'missing-field', 'ULN', '<ULN>7700001056</ULN>', ''],
    ['without any', 'missing-field', 'DPOutcome', /(7700001056<\/ULN>)[^]*?(<\/LearnerDest)/, '$1$2'],
    ['of no type', 'missing-field', 'DPOutcome/OutType', /(7700001056[^]*?<OutType>)EMP/, '$1'],
    ['of an unknown type', 'bad-code', 'DPOutcome/OutType', /(7700001056[^]*?<OutType>)EMP/, '$1JOB'],
    ['without code', 'missing-field', 'DPOutcome/OutCode', '<OutCode>5</OutCode>', ''],
    ['of an unknown code', 'bad-code', 'DPOutcome/OutCode', '<OutCode>5', '<OutCode>6'],
    ['without start', 'missing-field', 'DPOutcome/OutStartDate', '<OutStartDate>2023-08-14</OutStartDate>', ''],
    ['that starts on no day', 'bad-date', 'DPOutcome/OutStartDate', '2023-08-14', '2023-08-32'],
    ['that ends on no day', 'bad-date', 'DPOutcome/OutEndDate', '2024-01-31', '31/01/2024'],
    ['that ends before it starts', 'conflicting-fields', 'DPOutcome/OutEndDate', '2024-01-31', '2023-08-13'],
    ['never collected', 'missing-field', 'DPOutcome/OutCollDate', /(2024-01-31<\/OutEndDate>\s*)<OutCollDate>2024-02-12<\/OutCollDate>/, '$1'],
    ['given twice', 'conflicting-fields', 'DPOutcome/OutStartDate', /NPE(<\/OutType>\s*<OutCode>)1(<\/OutCode>\s*<OutStartDate>)2024-02-01/, 'EMP$15$22023-08-14'],
    ['in and out of work from one day', 'conflicting-fields', 'DPOutcome/OutType', '<OutStartDate>2024-02-01', '<OutStartDate>2023-08-14'],
  ])('%s are refused alone', async (_, code, path, from, to) => {
    expect(await faultIn(changed(EXAMPLE, from, to))).toEqual([code, `LearnerDestinationandProgression/${path}`]);
  });
});
