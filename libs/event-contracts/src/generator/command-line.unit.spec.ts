import { contractsCommand } from './command-line.js';

async function run(...words: readonly string[]) {
  const done: string[] = [];
  let said = '';
  const say = (text: string): void => void (said += text);
  const note = (name: string, code: number) => () => {
    done.push(name);
    return code;
  };
  const earned: number[] = [];
  const program = contractsCommand({ generate: note('generate', 0), check: note('check', 1), release: note('release', 0) }, (code) => earned.push(code));
  for (const command of [program, ...program.commands]) command.exitOverride().configureOutput({ writeOut: say, writeErr: say });
  await program.parseAsync(words, { from: 'user' }).catch((error: unknown) => done.push((error as { readonly code: string }).code));
  return { done, earned, said };
}

it.each([
  ['generate', 0],
  ['check', 1],
  ['release', 0],
])('does what it is asked, %s, and earns its code', async (name, code) => {
  expect(await run(name)).toEqual({ done: [name], earned: [code], said: '' });
});

it.each([
  ['generate --help', 'commander.helpDisplayed'],
  ['check --help', 'commander.helpDisplayed'],
  ['release --help', 'commander.helpDisplayed'],
  ['generate everything', 'commander.excessArguments'],
  ['release --dry-run', 'commander.unknownOption'],
  ['freeze', 'commander.unknownCommand'],
])('does nothing for %s, and says how it is used', async (words, code) => {
  expect(await run(...words.split(' '))).toEqual({ done: [code], earned: [], said: expect.stringContaining('Usage: contracts') as string });
});
