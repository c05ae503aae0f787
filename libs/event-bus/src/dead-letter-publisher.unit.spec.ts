import type { DeadLetter } from './dead-letter-publisher.js';
import { deadLetterJson, DeadLetterPublisher } from './dead-letter-publisher.js';

const LETTER: DeadLetter = {
  stage: 'intake',
  deployment: 'college',
  submission: '0123456789abcdef0123456789abcdef',
  record: 7,
  code: 'missing-field',
  remedy: 'Give LearnRefNumber.',
};

describe('a dead letter', () => {
  it('says where, why and what to do', () => {
    expect(JSON.parse(deadLetterJson(LETTER).toString())).toEqual(LETTER);
    const consumed: DeadLetter = { stage: 'outcomes', topic: 'partner-events.nhs', partition: 3, offset: 90, code: 'TRUNCATED_EVENT', remedy: 'Send it whole.' };
    expect(JSON.parse(deadLetterJson(consumed).toString())).toEqual(consumed);
  });

  it('may name every column of a file in its remedy', () => {
    const remedy = `Send the columns ${Array.from({ length: 60 }, (_, index) => `employment_sustain_column_${index}`).join(', ')}, named in the first line.`;
    expect(JSON.parse(deadLetterJson({ ...LETTER, remedy }).toString())).toMatchObject({ remedy });
  });

  it('carries nothing that its type does not name', () => {
    const text = deadLetterJson({ ...LETTER, nino: 'AB123456C', cause: new Error('AB123456C') } as DeadLetter).toString();
    expect(text).not.toContain('AB123456C');
  });

  it.each([
    ['stage', { stage: 'AB123456C' }],
    ['deployment', { deployment: 'AB123456C' }],
    ['submission', { submission: 'AB123456C' }],
    ['record', { record: -1 }],
    ['topic', { topic: 'AB123456C' }],
    ['partition', { partition: 0.5 }],
    ['offset', { offset: 'AB123456C' }],
    ['code', { code: 'Ab 12' }],
    ['remedy', { remedy: '' }],
  ])('refuses a %s of another form without repeating it', (place, change) => {
    const refused = (() => {
      try {
        deadLetterJson({ ...LETTER, ...change } as DeadLetter);
      } catch (error) {
        return error as Error;
      }
      return undefined;
    })();
    expect(refused).toMatchObject({ code: 'DEAD_LETTER_INVALID', place });
    expect(refused?.message).not.toContain('AB123456C');
  });
});

describe('dead letters of records in the log', () => {
  const consumed: DeadLetter = { stage: 'outcomes', topic: 'partner-events.nhs', partition: 3, offset: 90, appendedAt: 1_700_000_000_000, code: 'NOT_FRAMED', remedy: 'Frame it.' };
  const publisher = () => {
    const published: unknown[] = [];
    const told = new Set<string>();
    const broker = { away: false };
    const letters = new DeadLetterPublisher(
      {
        publish: async (records) => {
          if (broker.away) throw new Error('away');
          published.push(...records.map(({ value }) => JSON.parse(String(value)) as unknown));
        },
      },
      'dead-letters',
      { areTold: async (names) => names.map((name) => told.has(name)), add: async (names) => names.forEach((name) => told.add(name)) },
    );
    return { letters, published, broker };
  };

  it('are told once, however often the log is read', async () => {
    const { letters, published } = publisher();
    const other = { ...consumed, offset: 91 };
    expect(await letters.deadLetter(consumed)).toBe(1);
    expect(await letters.deadLetter(consumed, other)).toBe(1);
    expect(published).toEqual([consumed, other]);
  });

  it('are told again for another reason, and where the topic was made anew', async () => {
    const { letters, published } = publisher();
    await letters.deadLetter(consumed);
    expect(await letters.deadLetter({ ...consumed, code: 'UNKNOWN_SCHEMA' }, { ...consumed, appendedAt: 1_700_000_000_001 })).toBe(2);
    expect(published).toHaveLength(3);
  });

  it('are not taken for told when they could not be published', async () => {
    const { letters, published, broker } = publisher();
    broker.away = true;
    await expect(letters.deadLetter(consumed)).rejects.toThrow('away');
    broker.away = false;
    expect(await letters.deadLetter(consumed)).toBe(1);
    expect(published).toEqual([consumed]);
  });

  it('of submissions are told each time', async () => {
    const { letters, published } = publisher();
    await letters.deadLetter(LETTER);
    await letters.deadLetter(LETTER);
    expect(published).toHaveLength(2);
  });
});
