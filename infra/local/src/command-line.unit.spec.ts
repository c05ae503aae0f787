import { LocalError } from '@throughline/servers';
import { COMMANDS } from '../bootstrap/commands.mjs';
import { runCommand } from './command-line.js';
import type { LocalCommands } from './command-line.js';

/** Commands that only note that they were run, and with what. */
async function run(...words: string[]) {
  const done: unknown[][] = [];
  const note = (name: string) => async (...given: unknown[]): Promise<void> => void done.push([name, ...given]);
  const commands: LocalCommands = {
    start: () => note('start')(),
    reset: () => note('reset')(),
    cut: () => note('cut')(),
    rebuild: note('rebuild'),
    rulesDiff: note('rulesDiff'),
    ledgerExport: note('ledgerExport'),
    deadLetters: note('deadLetters'),
    links: note('links'),
    parts: () => note('parts')(),
    servers: () => note('servers')(),
    test: () => note('test')(),
  };
  let said = '';
  const write = (text: string): void => void (said += text);
  const code = await runCommand(words, commands, { writeOut: write, writeErr: write });
  return { code, done, said };
}

/** Of every npm command that runs the local runner's own program. */
const OWN = Object.entries(COMMANDS).flatMap(([name, make]) => (make('').at(-1) === name ? [name] : []));

it.each(OWN.filter((name) => name !== 'dead-letters' && name !== 'links'))('%s says how it is used, and does nothing', async (name) => {
  expect(await run(name, '--help')).toEqual({ code: 0, done: [], said: expect.stringContaining(`Usage: npm run ${name}`) as string });
});

it.each([
  'start --people 10',
  'start 10',
  'cut now',
  'cut --nope',
  'reset --all',
  'test outcomes',
  'rebuild --nope',
  'rebuild 7',
  'rebuild --instead x',
  'rebuild --instead 0',
  'rules:diff --foo',
  'rules:diff 2026.1',
  'rules:diff 2026.1 2026.2 2026.3',
  'ledger-export college',
])('%s is refused with the usage, and nothing is done', async (words) => {
  const { code, done, said } = await run(...words.split(' '));
  expect({ code, done }).toEqual({ code: 1, done: [] });
  expect(said).toMatch(new RegExp(`^error: [^]*\nUsage: npm run ${words.split(' ')[0]}`));
});

it.each([
  [['cut'], ['cut']],
  [['rebuild'], ['rebuild', {}]],
  [['rebuild', '--instead', '7'], ['rebuild', { instead: 7 }]],
  [['rules:diff', '2026.1', '2026.2', '--csv', 'd.csv'], ['rulesDiff', '2026.1', '2026.2', { csv: 'd.csv' }]],
  [['ledger-export', 'college', 'l.ndjson'], ['ledgerExport', 'college', 'l.ndjson']],
  [['dead-letters', 'list', '--count', '3'], ['deadLetters', ['list', '--count', '3']]],
  [['dead-letters', '--help'], ['deadLetters', ['--help']]],
  [['links', 'split', 'aa', '--from', 'bb', 'cc', '--commit'], ['links', ['split', 'aa', '--from', 'bb', 'cc', '--commit']]],
])('%j is run', async (words, expected) => {
  expect(await run(...words)).toEqual({ code: 0, done: [expected], said: '' });
});

it('names the commands to whoever asks for none or for one that is not there', async () => {
  expect(await run('cuts')).toMatchObject({ code: 1, done: [], said: expect.stringMatching(/unknown command 'cuts'[^]*Did you mean cut/) as string });
  expect(await run()).toMatchObject({ code: 1, done: [], said: expect.stringContaining('ledger-export') as string });
});

it('hands on what goes wrong in a command', async () => {
  const failing = { cut: () => Promise.reject(new LocalError('NOT_REACHABLE', 'Nobody is there', 'start it')) } as unknown as LocalCommands;
  await expect(runCommand(['cut'], failing)).rejects.toMatchObject({ code: 'NOT_REACHABLE' });
});
