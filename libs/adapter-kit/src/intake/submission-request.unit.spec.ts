import { SubmissionRefused } from '../adapter-declaration.js';
import type { AdapterDeclaration, FeedDeclaration } from '../adapter-declaration.js';
import { TOY_ADAPTER } from '../testing/toy-adapter.js';
import { resolveRequest } from './submission-request.js';
import type { SubmissionRequest } from './submission-request.js';

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
  const { parts: _, ...plain } = toy!;
  const parted = withPart('required').feeds[0]!;
  const json: FeedDeclaration = { ...plain, id: 'json', formats: [{ format: 'json', mediaTypes: ['application/json'] }, ...plain.formats] };
  const adapterOf = (...feeds: readonly FeedDeclaration[]): AdapterDeclaration => ({ ...TOY_ADAPTER, feeds });
  const both = adapterOf({ ...parted, id: 'first-second' }, { ...parted, id: 'other', parts: ['other', 'second'] });
  const oneParted = adapterOf({ ...parted, id: 'parted' }, { ...plain, id: 'plain' });
  /** The feed, or code, place and what there is. */
  const answerOf = (adapter: AdapterDeclaration, request: SubmissionRequest): unknown => {
    try {
      return resolveRequest(adapter, { mediaType: 'application/x-ndjson', ...request }, null, NOW).feed.id;
    } catch (error) {
      if (!(error instanceof SubmissionRefused)) throw error;
      return [error.code, error.place, error.expected];
    }
  };

  it.each<[AdapterDeclaration, SubmissionRequest, string]>([
    [both, { part: 'other', feed: 'other' }, 'other'],
    [both, { part: 'first' }, 'first-second'],
    [both, { part: 'other' }, 'other'],
    [oneParted, { part: 'first' }, 'parted'],
    [oneParted, { part: 'first', mediaType: undefined }, 'parted'],
    [oneParted, { feed: 'plain', mediaType: 'application/octet-stream' }, 'plain'],
    [adapterOf(json, { ...plain, id: 'plain' }), { mediaType: 'application/json; charset=utf-8' }, 'json'],
  ])('is the one it names, or the one alone that takes its media type and has its part', (adapter, request, feed) => {
    expect(answerOf(adapter, request)).toBe(feed);
  });

  it.each<[string, AdapterDeclaration, SubmissionRequest, readonly string[]]>([
    ['no part where one would tell', both, {}, ['missing-parameter', 'part', 'one of first, second, other, or feed: one of first-second, other']],
    ['no part where another feed has none', oneParted, {}, ['missing-parameter', 'part', 'one of first, second, or feed: one of parted, plain']],
    ['a part that nobody has', oneParted, { part: 'firsts' }, ['unknown-part', 'part', 'one of first, second']],
    ['an empty part', both, { part: '' }, ['unknown-part', 'part', 'one of first, second, other']],
    ['a part of several', both, { part: 'second' }, ['missing-parameter', 'feed', 'one of first-second, other']],
    ['a part where there are none', adapterOf(json, { ...plain, id: 'plain' }), { part: 'first' }, ['unknown-parameter', 'part', 'no part: its files are of one kind']],
    ['neither feed nor part where there are none', adapterOf(json, { ...plain, id: 'plain' }), {}, ['missing-parameter', 'feed', 'one of json, plain']],
    ['a feed that there is not', oneParted, { feed: 'parts' }, ['bad-parameter', 'feed', 'one of parted, plain']],
  ])('is refused for what is wrong with it: %s', (_what, adapter, request, refusal) => {
    expect(answerOf(adapter, request)).toEqual(refusal);
  });

  // curl's own, where it is told no other: a slip, whatever else is said.
  const FORM = 'application/x-www-form-urlencoded';
  it.each<[SubmissionRequest, string]>([
    [{ mediaType: 'application/pdf' }, 'one of application/json, application/x-ndjson'],
    [{ mediaType: 'application/pdf', part: 'firsts' }, 'one of application/json, application/x-ndjson'],
    [{ mediaType: FORM, part: 'first' }, 'one of application/json, application/x-ndjson'],
    [{ mediaType: FORM, feed: 'parted', part: 'first' }, 'one of application/x-ndjson'],
    [{ mediaType: undefined, feed: 'json' }, 'one of application/json, application/x-ndjson'],
  ])('has a media type of its own fault: %j', (request, types) => {
    expect(answerOf(adapterOf(json, ...oneParted.feeds), request)).toEqual(['not-this-format', 'Content-Type', types]);
  });

  it('is never a form, not even where there is one feed of one format', () => {
    expect(answerOf(TOY_ADAPTER, { mediaType: FORM })).toEqual(['not-this-format', 'Content-Type', 'one of application/x-ndjson']);
    expect(answerOf(TOY_ADAPTER, { mediaType: undefined })).toBe('toy');
  });
});
