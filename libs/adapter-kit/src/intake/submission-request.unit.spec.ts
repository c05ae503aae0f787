import { SubmissionRefused } from '../adapter-declaration.js';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import { TOY_ADAPTER } from '../testing/toy-adapter.js';
import { resolveRequest } from './submission-request.js';

const NOW = new Date('2026-06-01T00:00:00Z');
const [toy] = TOY_ADAPTER.feeds;
const withPart = (use: 'required' | 'optional'): AdapterDeclaration => ({ ...TOY_ADAPTER, feeds: [{ ...toy!, parameters: { ...toy!.parameters, part: use } }] });
/** The part, or code and place of the refusal. */
const partOf = (use: 'required' | 'optional', part: string | undefined): unknown => {
  try {
    return resolveRequest(withPart(use), { mediaType: 'application/x-ndjson', part }, null, NOW).parameters.part;
  } catch (error) {
    if (!(error instanceof SubmissionRefused)) throw error;
    return [error.code, error.place];
  }
};

describe('which of several files a submission is', () => {
  it.each([
    ['required', 'first', 'first'],
    ['required', undefined, ['unknown-part', 'part']],
    ['required', '', ['unknown-part', 'part']],
    ['required', 'third', ['unknown-part', 'part']],
    ['optional', undefined, null],
    ['optional', 'third', ['unknown-part', 'part']],
  ] as const)('%s, and it says %s: %j', (use, part, expected) => {
    expect(partOf(use, part)).toEqual(expected);
  });
});

describe('which of several feeds a submission is', () => {
  const two: AdapterDeclaration = { ...TOY_ADAPTER, feeds: [{ ...withPart('required').feeds[0]!, id: 'with-parts' }, { ...withPart('required').feeds[0]!, id: 'without', parts: ['other'] }] };
  const feedOf = (part: string | undefined, feed?: string): unknown => {
    try {
      return resolveRequest(two, { mediaType: 'application/x-ndjson', part, feed }, null, NOW).feed.id;
    } catch (error) {
      if (!(error instanceof SubmissionRefused)) throw error;
      return [error.code, error.place];
    }
  };

  it('is the one it names, or the one alone that has its part', () => {
    expect(feedOf('other', 'without')).toBe('without');
    expect([feedOf('first'), feedOf('other')]).toEqual(['with-parts', 'without']);
  });

  it.each([undefined, '', 'third'])('has to be named where the part is %s', (part) => {
    expect(feedOf(part)).toEqual(['missing-parameter', 'feed']);
  });
});
