import { Command } from 'commander';

import { byAuthority } from './by-authority.js';
import { loadPlaces } from './places.js';
import { recount } from './recount.js';

const program = new Command('recount')
  .description("Counts again from partners' raw files: what was lived, what is knowable, and what each partner alone could know.")
  .argument('<directory>', 'a folder with manifest.jsonl')
  .action((directory: string) => {
    const places = loadPlaces();
    const { lived, knowable, alone, ambiguous, people } = recount(directory, { places });
    const columns = [lived, knowable, ...alone.values()];
    const heading = ['lived', 'knowable', ...[...alone.keys()].map((deployment) => `${deployment} alone`)];
    const line = (name: string, cells: readonly (string | number)[]): string =>
      `${name.padEnd(44)}${cells.map((cell) => String(cell).padStart(15)).join('')}\n`;
    process.stdout.write(line(`${people} people`, heading));
    for (const [authority, metrics] of [...byAuthority(columns, places)].sort()) {
      process.stdout.write(`${authority}\n`);
      for (const [metric, counts] of [...metrics].sort()) process.stdout.write(line(`  ${metric}`, counts));
    }
    if (ambiguous > 0) process.stdout.write(`${ambiguous} facts have two words of one clock: their value is arbitrary.\n`);
  });

await program.parseAsync();
