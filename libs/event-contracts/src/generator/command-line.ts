import { Command } from 'commander';

/** What is done with the contract; each returns the exit code it earns. */
export interface ContractWork {
  generate(): number;
  check(): number;
  release(): number;
}

/**
 * The `contracts` commands. Words that they do not know are refused with their usage, and nothing is done.
 *
 * @param earn is told the exit code
 */
export function contractsCommand(work: ContractWork, earn: (code: number) => void): Command {
  const program = new Command('contracts').description('The event contract of schemas/.').showHelpAfterError().helpCommand(false);
  const add = (name: keyof ContractWork, script: string, description: string): void => {
    program
      .command(name)
      .description(`npm run ${script}: ${description}`)
      .action(() => earn(work[name]()));
  };
  add('generate', 'contracts', 'writes the TypeScript of every schema.');
  add('check', 'contracts:check', 'refuses what breaks the contract, place by place; writes nothing.');
  add('release', 'contracts:release', 'checks, then freezes for ever what is not yet released.');
  return program;
}
