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
