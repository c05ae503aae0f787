import { HttpException } from '@nestjs/common';
import { feedFormat } from './feed-query.js';

const refusalOf = (query: Record<string, unknown>): unknown => {
  try {
    return feedFormat(query);
  } catch (error) {
    return error instanceof HttpException ? error.getResponse() : error;
  }
};

describe('what may be asked of the feed', () => {
  it.each([
    [{}, undefined],
    [{ format: 'csv' }, 'csv'],
    [{ format: 'json' }, 'json'],
  ])('%j', (query, format) => {
    expect(feedFormat(query)).toBe(format);
  });

  it.each([{ metric: 'job_starts' }, { format: 'csv', geography_code: 'E47000001' }, { Format: 'csv' }, { '': '' }])('not %j: the answer would not be what was meant', (query) => {
    expect(refusalOf(query)).toMatchObject({ status: 400, code: 'UNKNOWN_PARAMETER', known: ['format'] });
  });

  it.each(['xml', '', ['csv', 'json']])('not the format %j', (format) => {
    expect(refusalOf({ format })).toMatchObject({ status: 400, code: 'UNKNOWN_FORMAT', known: ['csv', 'json'] });
  });
});
