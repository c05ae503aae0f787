import { Command, InvalidArgumentError } from 'commander';
import { terminalProgress } from '@throughline/servers';
import { mkdir, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { logParts } from './parts/log-parts.js';
import type { PartOptions } from './parts/part.js';
import { describeMachine, loadNow } from './process/machine.js';
import { sectionText } from './report/section.js';
import type { Section } from './report/section.js';

const ROOT = resolve(import.meta.dirname, '../../..');
const PAGE = 'docs/performance.md';

/** Parts by the name a caller chooses them by, in their order. */
const PARTS: Readonly<Record<string, (options: PartOptions) => Promise<Section[]>>> = {
  log: logParts,
};

const part = (name: string, before: readonly string[] = []): string[] => {
  if (!Object.hasOwn(PARTS, name)) throw new InvalidArgumentError(`one of ${Object.keys(PARTS).join(', ')}`);
  return [...before, name];
};

interface Flags {
  readonly quick: boolean;
  readonly only?: readonly string[];
  readonly profile?: string;
}

const program = new Command('bench')
  .description('Measures the platform beside peers, on this machine, in this minute.')
  .option('--quick', 'small sizes and single runs: to try the bench, not for figures', false)
  .option('--only <part>', `a part to run (${Object.keys(PARTS).join(', ')}); may be given again`, part)
  .option('--profile <folder>', 'leave processor profiles of the platform’s process there');
program.parse();
const { quick, only = Object.keys(PARTS), profile } = program.opts<Flags>();

const tell = (line: string): void => void process.stdout.write(`${line}\n`);
const profileDir = profile === undefined ? null : resolve(profile);
if (profileDir !== null) await mkdir(profileDir, { recursive: true });
const options: PartOptions = { root: ROOT, quick, progress: terminalProgress(process.stderr), tell, profileDir };
tell(describeMachine());
const sections: Section[] = [];
for (const name of Object.keys(PARTS)) {
  if (!only.includes(name)) continue;
  tell(`\nLoad before this part: ${loadNow().toFixed(1)}\n`);
  for (const section of await PARTS[name]!(options)) {
    sections.push(section);
    tell(`${sectionText(section)}\n`);
  }
}
void PAGE;
void writeFile;
