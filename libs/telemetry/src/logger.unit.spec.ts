import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import type { Logger, LogLevel } from './logger.js';

function capture(level: LogLevel = 'info'): { logger: Logger; lines: () => Record<string, unknown>[]; text: () => string } {
  const written: string[] = [];
  const logger = createLogger({ service: 'college-adapter', level, destination: { write: (line) => void written.push(line) } });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>), text: () => written.join('') };
}

describe('createLogger', () => {
  it('writes one JSON line with time, level, service, message and fields', () => {
    const { logger, lines } = capture();
    logger.info({ submission: '8b1d2741b1767b45df704883f3c2732f', records: 1234567890, seconds: 1.5, done: true, skipped: null }, 'published');
    const [line] = lines();
    expect(line).toMatchObject({
      level: 'info',
      service: 'college-adapter',
      msg: 'published',
      submission: '8b1d2741b1767b45df704883f3c2732f',
      records: 1234567890,
      seconds: 1.5,
      done: true,
      skipped: null,
    });
    expect(line?.['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Object.keys(line ?? {})).not.toContain('hostname');
  });

  it('keeps to its level', () => {
    const { logger, lines } = capture('warn');
    logger.info('no');
    logger.warn('yes');
    expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
  });

  it('blanks fields named for personal data at any depth', () => {
    const { logger, text, lines } = capture();
    logger.info({ nino: 'x', given_names: 'Zoë', a: { 'date-of-birth': '1990-05-01', b: [{ FamilyName: 'Poe' }] }, payload: 'Poe', bytes: Buffer.from('Poe') }, 'seen');
    expect(text()).not.toMatch(/Zoë|1990|Poe/);
    expect(lines()[0]).toMatchObject({ nino: '[redacted]', given_names: '[redacted]', bytes: '[redacted]', a: { 'date-of-birth': '[redacted]', b: [{ FamilyName: '[redacted]' }] } });
  });

  it.each(['8429141456', '842 914 1456', '842-914-1456', 'AB123456C', 'ab 12 34 56 c', 'AB123456', 'ZA1 1AA', 'za11aa'])(
    'masks %s in messages, parameters, fields and children',
    (identifier) => {
      const { logger, text } = capture();
      logger.info(`for ${identifier}: refused`);
      logger.info('for %s', identifier);
      logger.info({ path: `Learner/${identifier}`, list: [identifier] }, 'refused');
      logger.child({ scope: identifier }).info('refused');
      const written = text();
      expect(written.split('\n').filter((line) => line !== '')).toHaveLength(4);
      expect(written).not.toContain(identifier);
      expect(written.match(/\[redacted\]/g)?.length).toBe(5);
    },
  );

  it('keeps ids, codes and places whole', () => {
    const { logger, lines } = capture();
    const fields = { revision: '0123456789abcdef0123456789abcdef01234567', uuid: '0b7a3f52-1111-4222-8333-123456789012', at: 'nhs.7', code: 'bad-date', path: 'Learner/ULN', offset: '123456' };
    logger.info(fields, 'batch g1:{nhs.7} 12 of 400');
    expect(lines()[0]).toMatchObject({ ...fields, msg: 'batch g1:{nhs.7} 12 of 400' });
  });

  it('tells of an error its type, code and frames, and its message only where it is ours', () => {
    const { logger, lines, text } = capture();
    const foreign = Object.assign(new SyntaxError('Unexpected token "Poe"'), { code: 'EBAD', nested: { surname: 'Poe' } });
    const ours = Object.assign(new Error('The spool is full.', { cause: foreign }), { code: 'SPOOL_FULL', place: 'spool', remedy: 'Make room.' });
    logger.error(foreign);
    logger.error(foreign, 'could not read');
    logger.error({ err: ours }, 'could not accept');
    logger.error({ error: foreign });
    expect(text()).not.toContain('Poe');
    const [first, second, third, fourth] = lines();
    expect(first).toMatchObject({ msg: 'SyntaxError', err: { type: 'SyntaxError', code: 'EBAD' } });
    expect((first?.['err'] as { stack: string }).stack).toMatch(/^at .*logger\.unit\.spec/);
    expect(second).toMatchObject({ msg: 'could not read', err: { code: 'EBAD' } });
    expect(third).toMatchObject({ err: { code: 'SPOOL_FULL', place: 'spool', message: 'The spool is full.', remedy: 'Make room.', cause: { code: 'EBAD' } } });
    expect(fourth).toMatchObject({ error: { type: 'SyntaxError', code: 'EBAD' } });
  });
});
