import { Command } from 'commander';

/**
 * `npm run rules`. Words that it does not know are refused with its usage, and nothing is written.
 *
 * @param write writes the page
 */
export const rulesCommand = (write: () => void): Command =>
  new Command('npm run rules')
    .description('Writes docs/outcomes.md: what the latest rules count, and by which numbers.')
    .showHelpAfterError()
    .action(() => write());
