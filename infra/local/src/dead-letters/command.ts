import { DEAD_LETTER_STAGES } from '@throughline/event-bus';
import { LocalError, terminalProgress } from '@throughline/servers';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readLetters } from './read-letters.js';
import type { LetterFilter, StoredLetter } from './read-letters.js';
import { planRedrive, RECORD_STATES, redrive } from './redrive.js';
import type { RedrivePlan } from './redrive.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};
const ordinal = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('the number that "list" prints as "letter"');
  return Number(text);
};
const instant = (text: string): string => {
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(Date.parse(text))) throw new InvalidArgumentError('a day or an instant, such as 2026-03-01 or 2026-03-01T09:00:00Z');
  return text;
};

const filtered = (command: Command): Command =>
  command
    .option('--code <code>', 'the reason')
    .addOption(new Option('--stage <stage>', 'what put it aside').choices(DEAD_LETTER_STAGES))
    .option('--deployment <name>', 'the adapter that sent it')
    .option('--topic <name>', 'where the record lies')
    .option('--since <instant>', 'put aside at or after it', instant);

type Flags = Omit<LetterFilter, 'letter'> & { readonly count: number; readonly rate: number; readonly yes?: boolean };
const filterOf = ({ code, stage, deployment, topic, since }: Flags): LetterFilter => ({
  ...(code === undefined ? {} : { code }),
  ...(stage === undefined ? {} : { stage }),
  ...(deployment === undefined ? {} : { deployment }),
  ...(topic === undefined ? {} : { topic }),
  ...(since === undefined ? {} : { since }),
});

const SAID: Readonly<Record<(typeof RECORD_STATES)[number], string>> = {
  ready: 'can be published again',
  redriven: 'were published again before',
  unreadable: 'cannot be read by this version either',
  gone: 'are no longer in the log',
  'not-in-the-log': 'are records of submissions: their partners send them again',
};
const countLines = ({ counts }: RedrivePlan): string[] => RECORD_STATES.flatMap((state) => (counts[state] === 0 ? [] : [`${counts[state]} ${SAID[state]}`]));

/**
 * `npm run -s dead-letters -- …`
 *
 * @param words after the command
 * @throws LocalError
 */
export async function deadLetters(words: readonly string[], brokers: readonly string[]): Promise<void> {
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const json = ({ redriven, ...letter }: StoredLetter): string => JSON.stringify(redriven ? { ...letter, redriven } : letter);
  const program = new Command('dead-letters').description('Records that were put aside: where, why, and what to do.').exitOverride();
  filtered(program.command('list').description('The newest, newest last, one JSON a line.'))
    .option('--count <number>', 'at most so many', whole, 20)
    .action(async (flags: Flags) => {
      const letters = await readLetters({ brokers, filter: filterOf(flags), newest: flags.count });
      say(letters.length === 0 ? 'There are no such dead letters.' : letters.map(json).join('\n'));
    });
  program
    .command('show')
    .description('One of them, and what can be done about its record now.')
    .argument('<letter>', 'its number', ordinal)
    .action(async (letter: number) => {
      const [found] = await readLetters({ brokers, filter: { letter } });
      if (found === undefined) throw new LocalError('SETTING_INVALID', `There is no dead letter ${letter}`, '"npm run -s dead-letters -- list" prints their numbers');
      const { counts } = await planRedrive(brokers, [found]);
      say(JSON.stringify({ ...found, record_is: RECORD_STATES.find((state) => counts[state] > 0) }, null, 2));
    });
  filtered(program.command('redrive').description('Publishes their records again, to the ends of their own topics, once this version can read them. Says first how many; Ctrl-C ends it, and the same command goes on behind what was published.'))
    .option('--rate <number>', 'records a second at most', whole, 100)
    .option('--yes', 'do it; without it, it is only said what would be done')
    .action(async (flags: Flags) => {
      const plan = await planRedrive(brokers, await readLetters({ brokers, filter: filterOf(flags) }));
      const lines = countLines(plan);
      say(lines.length === 0 ? 'There are no such dead letters.' : lines.join('\n'));
      if (plan.ready.length === 0) return;
      if (flags.yes !== true) return say('Nothing was done: the same with --yes publishes those that can be.');
      const interrupted = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
      const done = await redrive({ brokers, ready: plan.ready, perSecond: flags.rate, signal: interrupted.signal, progress: terminalProgress(process.stderr) });
      say(`${done} published again${done < plan.ready.length ? `, ${plan.ready.length - done} left: the same command goes on with them` : ''}.`);
    });
  try {
    await program.parseAsync([...words], { from: 'user' });
  } catch (error) {
    // What is wrong with the words was said already.
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode;
  }
}
