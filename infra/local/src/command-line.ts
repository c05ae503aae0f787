import { Command, CommanderError, InvalidArgumentError } from 'commander';
import type { OutputConfiguration } from 'commander';

/** What the commands of `run.mjs` do, with their words read. */
export interface LocalCommands {
  start(): Promise<void>;
  reset(): Promise<void>;
  cut(): Promise<void>;
  rebuild(options: { readonly instead?: number }): Promise<void>;
  rulesDiff(before: string, after: string, options: { readonly csv?: string }): Promise<void>;
  ledgerExport(deployment: string, file: string): Promise<void>;
  /** Reads its words itself. */
  deadLetters(words: readonly string[]): Promise<void>;
  /** Reads its words itself. */
  links(words: readonly string[]): Promise<void>;
  parts(): Promise<void>;
  servers(): Promise<void>;
  test(): Promise<void>;
}

const generation = (text: string): number => {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('A generation is a number from 1.');
  return Number(text);
};

/**
 * Runs one command. Words that it does not know are refused with its usage, and nothing is done; `--help` prints that.
 *
 * @param words the command and what follows it
 * @param output where usage and faults are written; default: the standard streams
 * @returns the exit code that the words earn: 0 unless they were refused
 */
export async function runCommand(words: readonly string[], commands: LocalCommands, output: OutputConfiguration = {}): Promise<number> {
  const program = new Command('npm run').exitOverride().configureOutput(output).showHelpAfterError().enablePositionalOptions().helpCommand(false);
  const add = (name: string, description: string): Command => program.command(name).description(description);
  const addWithItsOwnWords = (name: string): Command => program.command(name).argument('[words...]').helpOption(false).allowUnknownOption().passThroughOptions();

  add('start', 'The platform with its sample data, until Ctrl-C.')
    .addHelpText('after', '\nIt is told by environment variables, such as SAMPLE_PEOPLE=200 npm start: infra/local/README.md names them.')
    .action(() => commands.start());
  add('reset', 'Forgets everything that was started, loaded and counted here.').action(() => commands.reset());
  add('cut', 'Freezes the figures of the running platform for the feed. A cut is kept for ever.').action(() => commands.cut());
  add('rebuild', 'Builds the figures of the running platform anew from the log, beside those that are shown.')
    .usage('-- [options]')
    .option('--instead <generation>', 'in the place of one that is being built and cannot become complete', generation)
    .action((options: { instead?: number }) => commands.rebuild(options));
  add('rules:diff', 'What two versions of the rules count differently over the running platform’s log.')
    .usage('-- <before> <after> [options]')
    .argument('<before>', 'a version, such as 2026.1')
    .argument('<after>', 'another')
    .option('--csv <file>', 'every cell that differs, one a row')
    .action((before: string, after: string, options: { csv?: string }) => commands.rulesDiff(before, after, options));
  add('ledger-export', 'Writes the ledger of one deployment’s adapter out of its topics.')
    .usage('-- <deployment> <file>')
    .argument('<deployment>', 'as its topics end, such as college')
    .argument('<file>', 'where it is written')
    .action((deployment: string, file: string) => commands.ledgerExport(deployment, file));
  addWithItsOwnWords('dead-letters').action((own: string[]) => commands.deadLetters(own));
  addWithItsOwnWords('links').action((own: string[]) => commands.links(own));
  add('parts', 'Fetches Java, Kafka and Redis if they are missing, and says where they are.').action(() => commands.parts());
  add('servers', 'A Kafka and a Redis for tests, until Ctrl-C.').action(() => commands.servers());
  add('test', 'Parts, build, types, lint and all tests.')
    .addHelpText('after', '\nSome of them: npm run test:unit -- <pattern of paths>, and so test:int and test:e2e.')
    .action(() => commands.test());

  try {
    await program.parseAsync([...words], { from: 'user' });
    return 0;
  } catch (error) {
    // What is wrong with the words was said already.
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
}
