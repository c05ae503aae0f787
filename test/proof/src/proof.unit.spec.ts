import { conservation } from './conservation.js';
import { fuzz } from './fuzz.js';
import { permutations } from './permutations.js';
import { readerName, READERS } from './feed-files.js';
import { KINDS, poisoned } from './poison.js';
import { replay } from './replay.js';
import { races } from './races.js';
import { ROWS } from './rows.js';
import { randomOf } from '@throughline/test-population';

const SEED = 'npm test';

describe('short forms of the proof', () => {
  it('any order of arrival gives the same figures', async () => {
    const { anomalies, trials, counts } = await permutations({ trials: 2_000, seed: SEED });
    expect(anomalies).toEqual([]);
    expect(trials).toBe(2_000);
    expect(counts['cells']).toBeGreaterThan(2_000);
  });

  it('every record of a spoilt file is published, skipped or refused, and each refusal told of once', async () => {
    const { anomalies, counts } = await conservation({ trials: 3_000, seed: SEED });
    expect(anomalies).toEqual([]);
    expect(counts['refused']).toBeGreaterThan(50);
    expect(counts['spoilt']).toBeGreaterThan(200);
    expect(counts['kinds of spoiling']).toBeGreaterThan(40);
  });

  it('what is sent or read again changes no cell', async () => {
    const { trials, anomalies, counts } = await replay({ trials: 1_000, seed: SEED });
    expect(anomalies).toEqual([]);
    expect(trials).toBeGreaterThanOrEqual(1_000);
    expect(counts['cells']).toBeGreaterThan(50);
    // More than five ways of sending a file again, over all.
    expect(counts['sent again']! / counts['files']!).toBeGreaterThan(5);
    expect(counts['records sent again']).toBeGreaterThan(100);
  });

  it('no input ends a parser without a code', async () => {
    const { anomalies, trials, counts } = await fuzz({ trials: 1_500, seed: SEED });
    expect(anomalies).toEqual([]);
    expect(trials).toBe(1_500);
    expect(READERS.length).toBeGreaterThanOrEqual(10);
    for (const reader of READERS) expect(counts[readerName(reader)]).toBeGreaterThan(20);
  });

  it('a parser that no input was tried on is one that was not tried', async () => {
    const { anomalies, counts } = await fuzz({ trials: 1, seed: SEED });
    expect(anomalies).toHaveLength(READERS.length - 1);
    expect(READERS.filter((reader) => counts[readerName(reader)] === 0)).toHaveLength(READERS.length - 1);
  });

  it('no interleaving of workers moves a figure', async () => {
    const { trials, anomalies, counts } = await races({ trials: 600, seed: SEED });
    expect(anomalies).toEqual([]);
    expect(trials).toBe(600);
    expect(counts['cells']).toBeGreaterThan(600);
  });
});

describe('who interrupts a row', () => {
  // Of the rows that need no server; a row that did not listen would end with its trials.
  it.each(ROWS.filter(({ number }) => [2, 8, 12, 13, 14, 15].includes(number)))('$number ends it, and is not told that something went wrong', async ({ run, small }) => {
    const interrupted = new AbortController();
    setImmediate(() => interrupted.abort(new Error('interrupted')));
    await expect(run!({ trials: small, seed: SEED, signal: interrupted.signal })).rejects.toThrow('interrupted');
  });
});

describe('spoilt files', () => {
  it('are spoilt in about fifty ways, each of which is drawn and told of', () => {
    expect(KINDS).toBeGreaterThanOrEqual(50);
    const random = randomOf('ways');
    const many = <T>(one: T): T[] => Array.from({ length: 5_000 }, () => one);
    const files = [
      poisoned(['a,b', ...many('1,2')].join('\n'), 'text/csv', random),
      poisoned(many('{"a":1}').join('\n'), 'application/x-ndjson', random),
      poisoned(`<LearningProvider>1</LearningProvider>${many('<Learner><A>1</A></Learner>').join('')}`, 'application/xml', random),
    ];
    expect(new Set(files.flatMap(({ kinds }) => [...kinds])).size).toBe(KINDS);
    expect(poisoned('{"a":1}', 'application/json', { ...random, chance: () => false }).kinds.size).toBe(0);
  });

  it('are of their format still', () => {
    const random = randomOf('spoilt');
    const lines = Array.from({ length: 200 }, (_, n) => JSON.stringify({ n, deep: { text: 'x' } }));
    const { text, records, spoilt } = poisoned(lines.join('\n'), 'application/x-ndjson', random);
    const after = text.trimEnd().split('\n');
    expect(after.map((line) => typeof JSON.parse(line))).toEqual(lines.map(() => 'object'));
    expect([records, after.filter((line, n) => line !== lines[n]).length]).toEqual([200, spoilt]);
    expect(spoilt).toBeGreaterThan(5);
  });
});
