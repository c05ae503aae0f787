import { Presets, SingleBar } from 'cli-progress';
import { Command, InvalidArgumentError } from 'commander';
import { writeFileSync } from 'node:fs';
import { linkageReport } from './linkage-report.js';
import { LINKAGE_PAGE, PAGE_CHECK, PAGE_POPULATION } from './location.js';
import { renderLinkagePage } from './render-linkage-page.js';

const whole = (text: string): number => {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('a whole number from 1');
  return Number(text);
};

const program = new Command('linkage-report')
  .description('Links invented people at every level of untidiness beside their true lives, and writes docs/linkage.md.')
  .option('--seed <text>', 'the same seed gives the same page', PAGE_POPULATION.seed as string)
  .option('--people <number>', 'how many lives', whole, PAGE_POPULATION.people as number)
  .option('--out <file>', 'where to write', LINKAGE_PAGE)
  .action(async ({ seed, people, out }: { readonly seed: string; readonly people: number; readonly out: string }) => {
    const bar = new SingleBar({ format: 'populations linked {bar} {value}/{total}', clearOnComplete: true }, Presets.shades_classic);
    bar.start(1, 0);
    const report = await linkageReport({
      seed,
      people,
      progress: (done, of) => {
        bar.setTotal(of);
        bar.update(done);
      },
    }).finally(() => bar.stop());
    writeFileSync(out, renderLinkagePage(report, await linkageReport(PAGE_CHECK)));
    process.stdout.write(`${out} written: ${people} people, ${report.levels.length} levels.\n`);
  });

await program.parseAsync();
