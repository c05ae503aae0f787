import { Command, InvalidArgumentError } from 'commander';
import { terminalProgress } from '@throughline/servers';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { intakePart } from './parts/intake.js';
import { latencyPart } from './parts/latency.js';
import { logParts } from './parts/log-parts.js';
import type { Part } from './parts/part.js';
import { warmStartPart } from './parts/warm-start.js';
import { personTimelinesPart } from './person-timelines/part.js';
import { describeMachine, loadNow } from './process/machine.js';
import { performanceFigures, performancePage } from './report/performance-page.js';
import { sectionText } from './report/section.js';
import type { Section } from './report/section.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = 'docs/performance.md';
const FIGURES = 'docs/performance.json';

/** Parts by the name a caller chooses them by, in their order. */
const PARTS: Readonly<Record<string, Part>> = {
  log: logParts,
  'person-timelines': personTimelinesPart,
  intake: intakePart,
  latency: latencyPart,
  start: warmStartPart,
};

const part = (name: string, before: readonly string[] = []): string[] => {
  if (!Object.hasOwn(PARTS, name)) throw new InvalidArgumentError(`one of ${Object.keys(PARTS).join(', ')}`);
  return [...before, name];
};

const isoDate = (text: string): string => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) throw new InvalidArgumentError('a date such as 2026-05-14');
  return text;
};

interface Flags {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly profile?: string;
  readonly date?: string;
}

const program = new Command('bench')
  .description('Measures the platform beside peers, on this machine. A whole run takes about half an hour of an idle machine.')
  .option('--quick', 'small sizes and single runs: to try the bench, not for figures', false)
  .option('--only <part>', `a part to run (${Object.keys(PARTS).join(', ')}); may be given again`, part)
  .option('--profile <folder>', 'leave processor profiles of outcomes there')
  .option('--date <date>', `write ${PAGE} and ${FIGURES} from this run, dated so`, isoDate);
program.parse();
const { quick, only = Object.keys(PARTS), profile, date } = program.opts<Flags>();
if (date !== undefined && (quick || only.length < Object.keys(PARTS).length)) {
  program.error(`${PAGE} is written from a whole run: leave --quick and --only out, or --date.`);
}

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const profileDir = profile === undefined ? null : resolve(profile);
if (profileDir !== null) await mkdir(profileDir, { recursive: true });
const machine = describeMachine();
tell(machine);
const sections: Section[] = [];
const loads: number[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (!only.includes(name)) continue;
  loads.push(loadNow());
  tell(`\nLoad before this part: ${loadNow().toFixed(1)}\n`);
  for (const section of await measure({ root: ROOT, quick, progress: terminalProgress(process.stderr), profileDir })) {
    sections.push(section);
    tell(`${sectionText(section)}\n`);
  }
}
if (date !== undefined) {
  const command = `npm run bench -- ${process.argv.slice(2).join(' ')}`.trim();
  const facts = { machine, load: [Math.min(...loads), Math.max(...loads)], command, date } as const;
  await writeFile(join(ROOT, PAGE), performancePage(facts, sections));
  await writeFile(join(ROOT, FIGURES), performanceFigures(facts, sections));
  tell(`Written: ${PAGE}, ${FIGURES}`);
}
if (!quick) process.exitCode = sections.every(({ verdicts }) => verdicts.every(({ met }) => met)) ? 0 : 1;
