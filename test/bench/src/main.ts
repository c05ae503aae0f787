import { Command, InvalidArgumentError } from 'commander';
import { terminalProgress } from '@throughline/servers';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PARTS } from './parts/parts.js';
import { describeMachine, loadNow } from './process/machine.js';
import { PAGES, PART_NAMES } from './report/pages.js';
import type { PartName } from './report/pages.js';
import { minutesText, performanceFigures, performancePage } from './report/performance-page.js';
import { sectionText } from './report/section.js';
import type { Section } from './report/section.js';

const ROOT = resolve(import.meta.dirname, '../../..');

const part = (text: string, before: readonly PartName[] = []): PartName[] => {
  const name = PART_NAMES.find((each) => each === text);
  if (name === undefined) throw new InvalidArgumentError(`one of ${PART_NAMES.join(', ')}`);
  return [...before, name];
};

const isoDate = (text: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('a date such as 2026-05-14');
  return text;
};

interface Flags {
  readonly quick: boolean;
  readonly full: boolean;
  readonly only?: readonly PartName[];
  readonly profile?: string;
  readonly date: string;
  readonly pages: boolean;
}

const program = new Command('bench')
  .description('Measures the platform beside peers, on this machine. A run takes half an hour at most of an idle machine; a full one about as long again.')
  .option('--quick', 'small sizes and single runs: to try the bench, not for figures', false)
  .option('--full', `also what takes longer: ${PAGES.flatMap(({ parts, onlyInFull }) => (onlyInFull ? parts : [])).join(', ')}`, false)
  .option('--only <part>', `a part to run (${PART_NAMES.join(', ')}); may be given again`, part)
  .option('--profile <folder>', 'leave processor profiles of outcomes there')
  .option('--no-pages', `print only; else the pages of which all parts are run are written (${PAGES.map(({ file }) => `${file}.md and .json`).join(', ')})`)
  .option('--date <date>', 'of the pages', isoDate, new Date().toISOString().slice(0, 10));
program.parse();
const { quick, full, only, profile, date, pages: isWritten } = program.opts<Flags>();
const names = PAGES.flatMap(({ parts, onlyInFull }): readonly PartName[] => parts.filter((name) => only?.includes(name) ?? (full || !onlyInFull)));
// A page tells of one run of all of its parts, at full size.
const pages = quick || !isWritten ? [] : PAGES.filter(({ parts }) => parts.every((name) => names.includes(name)));

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const profileDir = profile === undefined ? null : resolve(profile);
if (profileDir !== null) await mkdir(profileDir, { recursive: true });
const machine = describeMachine();
tell(machine);
const found = new Map<string, { readonly sections: readonly Section[]; readonly load: number; readonly minutes: number }>();
for (const name of names) {
  const load = loadNow();
  tell(`\n${name}; load before it: ${load.toFixed(1)}\n`);
  const began = performance.now();
  const sections = await PARTS[name]({ root: ROOT, quick, progress: terminalProgress(process.stderr), profileDir });
  for (const section of sections) tell(`${sectionText(section)}\n`);
  found.set(name, { sections, load, minutes: (performance.now() - began) / 60_000 });
}
tell(`Took ${minutesText(Object.fromEntries([...found].map(([name, { minutes }]) => [name, minutes])))}.`);
const words = process.argv.slice(2);
const command = ['npm run bench', ...(words.length === 0 ? [] : ['--', ...words])].join(' ');
for (const page of pages) {
  const own = page.parts.map((name) => [name, found.get(name)!] as const);
  const loads = own.map(([, { load }]) => load);
  const minutes = Object.fromEntries(own.map(([name, each]) => [name, Number(each.minutes.toFixed(2))]));
  const facts = { machine, load: [Math.min(...loads), Math.max(...loads)], minutes, command, date } as const;
  const sections = own.flatMap(([, each]) => each.sections);
  await writeFile(join(ROOT, `${page.file}.md`), performancePage(page, facts, sections));
  await writeFile(join(ROOT, `${page.file}.json`), performanceFigures(facts, sections));
  tell(`Written: ${page.file}.md, ${page.file}.json`);
}
const verdicts = [...found.values()].flatMap(({ sections }) => sections.flatMap((section) => section.verdicts));
if (!quick) process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1;
