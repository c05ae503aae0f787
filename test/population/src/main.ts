import { Command, InvalidArgumentError } from 'commander';

import { writePopulation } from './write-population.js';
import { UNTIDINESS_LEVELS } from './untidiness.js';
import type { UntidinessLevel } from './untidiness.js';

const level = (text: string): UntidinessLevel => {
  const found = UNTIDINESS_LEVELS.find((each) => each === text);
  if (found === undefined) throw new InvalidArgumentError(`one of ${UNTIDINESS_LEVELS.join(', ')}`);
  return found;
};

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('a whole number');
  return Number(text);
};

interface Flags {
  readonly seed: string;
  readonly people: number;
  readonly untidiness: UntidinessLevel;
}

const program = new Command('population')
  .description("Writes partners' files about a fictional place, and what truly happened there.")
  .argument('<directory>', 'where to write')
  .option('--seed <text>', 'the same seed gives the same files', 'sample')
  .option('--people <number>', 'how many lives', whole, 5_000)
  .option('--untidiness <level>', UNTIDINESS_LEVELS.join(', '), level, 'ordinary' as UntidinessLevel)
  .action(async (directory: string, flags: Flags) => {
    const { submissions } = await writePopulation({ ...flags, directory });
    for (const feed of new Set(submissions.map((entry) => entry.feed))) {
      process.stdout.write(`${feed.padEnd(12)} ${submissions.filter((entry) => entry.feed === feed).length} submissions\n`);
    }
  });

await program.parseAsync();
