import { Command } from 'commander';

import { byAuthority } from './by-authority.js';
import { decisionsInForce } from './decisions.js';
import { partnersByDeployment } from './partner-keys.js';
import { loadPlaces } from './places.js';
import { recount } from './recount.js';
import type { Cells } from './recount.js';
import { verdictOn } from './verdict.js';

interface Options {
  readonly outcomes?: string;
  readonly state?: string;
  readonly linkage?: string;
  readonly moreMayBeSent?: true;
}

/** The exit code where figures differ that should not, which is said in words as well; 1 is any other failure. */
const FIGURES_DIFFER = 2;
const NAME_WIDTH = 44;
/** The table in a few lines; the page that the last one names has the rest. */
const LEGEND = [
  '',
  'Exact counts over all months. Lived: what truly happened to the invented people. Knowable: what a perfect reader of all partners’ files could know.',
  'Shown: what this platform counts. “Alone”: what one partner could know from its own files. Authorities overlap: do not add them up.',
  'Why columns differ, and why `unknown` has rows that lived has not: docs/authorities.md, “The table of npm start”.',
];
const line = (name: string, cells: readonly (string | number)[]): string =>
  `${name.padEnd(NAME_WIDTH)}${cells.map((cell) => String(cell).padStart(15)).join('')}\n`;

/** The exact cells that a running platform shows. */
async function shownCells(outcomesUrl: string): Promise<Cells> {
  const response = await fetch(`${outcomesUrl}/internal/cells`);
  if (!response.ok) throw new Error(`No figures at ${outcomesUrl}/internal/cells (${response.status}): see that the platform is up.`);
  const { cells } = (await response.json()) as { cells: readonly { readonly key: string; readonly count: number }[] };
  return new Map(cells.map(({ key, count }) => [key, count]));
}

const program = new Command('recount')
  .description("Counts again from partners' raw files: what was lived, what is knowable, and what each partner alone could know.")
  .argument('<directory>', 'a folder with manifest.jsonl')
  .option('--outcomes <url>', 'a running outcomes service: adds what it shows, and compares every cell')
  .option('--state <directory>', "the platform's state folder, whose keys decide the order of otherwise equal facts")
  .option('--linkage <url>', 'a running linkage service, whose operators’ decisions hold here too; needs --state')
  .option('--more-may-be-sent', 'the platform may hold more than these files: that it shows other figures is then no fault')
  .action(async (directory: string, { outcomes, state, linkage, moreMayBeSent }: Options) => {
    // Before anything is counted here, which takes its time: of the moment at which this was asked for, such as that of a cut.
    const [shown, decisions] = await Promise.all([outcomes === undefined ? undefined : shownCells(outcomes), linkage === undefined ? undefined : decisionsInForce(linkage)]);
    process.stdout.write('Counting the files again, with code that knows nothing of the platform’s ...\n');
    const places = loadPlaces();
    const partners = state === undefined ? {} : { partnersByDeployment: await partnersByDeployment(state) };
    const { lived, knowable, alone, ambiguous, people } = recount(directory, { places, ...partners, ...(decisions === undefined ? {} : { decisions }) });
    const columns = [lived, knowable, ...(shown === undefined ? [] : [shown]), ...alone.values()];
    const heading = ['lived', 'knowable', ...(shown === undefined ? [] : ['shown']), ...[...alone.keys()].map((deployment) => `${deployment} alone`)];
    process.stdout.write(line(`${people.toLocaleString('en-GB')} participants`, heading));
    for (const [authority, metrics] of [...byAuthority(columns, places)].sort()) {
      process.stdout.write(`${authority}\n`);
      for (const [metric, counts] of [...metrics].sort()) process.stdout.write(line(`  ${metric}`, counts));
    }
    if (ambiguous > 0) process.stdout.write(`${ambiguous} facts have two words of one clock: their value is arbitrary.\n`);
    process.stdout.write(`${LEGEND.join('\n')}\n`);
    if (shown === undefined) return;
    const { text, inOrder } = verdictOn(shown, knowable, moreMayBeSent === true);
    process.stdout.write(`${text}\n`);
    if (!inOrder) process.exitCode = FIGURES_DIFFER;
  });

await program.parseAsync();
