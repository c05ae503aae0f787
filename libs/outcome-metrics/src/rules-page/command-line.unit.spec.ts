import { rulesCommand } from './command-line.js';

async function run(...words: readonly string[]) {
  let written = 0;
  let said = '';
  const say = (text: string): void => void (said += text);
  const command = rulesCommand(() => void (written += 1)).exitOverride().configureOutput({ writeOut: say, writeErr: say });
  const code = await command.parseAsync(words, { from: 'user' }).then(() => 'done', (error: unknown) => (error as { readonly code: string }).code);
  return { code, written, said };
}

it('writes the page where nothing else is asked', async () => {
  expect(await run()).toEqual({ code: 'done', written: 1, said: '' });
});

it.each([
  ['--help', 'commander.helpDisplayed'],
  ['--out', 'commander.unknownOption'],
  ['2026.1', 'commander.excessArguments'],
])('writes nothing for %s, and says how it is used', async (word, code) => {
  expect(await run(word)).toEqual({ code, written: 0, said: expect.stringContaining('Usage: npm run rules') as string });
});
