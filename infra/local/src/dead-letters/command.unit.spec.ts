import { expect, it, jest } from '@jest/globals';
import { deadLetters } from './command.js';

/** Exit code, and what was written beside the answer. */
const refused = async (...words: readonly string[]): Promise<readonly [unknown, string]> => {
  const before = process.exitCode;
  let said = '';
  const written = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  try {
    // Nothing listens there: what cannot be is refused before anything is asked.
    await deadLetters(words, ['127.0.0.1:1']);
    return [process.exitCode, said];
  } finally {
    written.mockRestore();
    process.exitCode = before;
  }
};

it.each([['list'], ['redrive']])('%s knows the stages there are, and no others', async (command) => {
  const [exitCode, said] = await refused(command, '--stage', 'nope');
  expect(exitCode).toBe(1);
  expect(said).toContain("'--stage <stage>' argument 'nope' is invalid");
  expect(said).toContain('intake, linkage, outcomes');
});
