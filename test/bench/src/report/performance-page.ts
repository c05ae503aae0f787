import { sectionText } from './section.js';
import type { Figure, Section } from './section.js';

/** When, where and how a run was made. */
export interface RunFacts {
  readonly machine: string;
  /** Load of the machine before each part, least and greatest. */
  readonly load: readonly [number, number];
  /** As it was typed. */
  readonly command: string;
  /** ISO date, as the caller said. */
  readonly date: string;
}

/** `docs/performance.md`, from one run. */
export const performancePage = ({ machine, load, command, date }: RunFacts, sections: readonly Section[]): string =>
  [
    '# Performance',
    '',
    'Written by one run of the bench; do not edit. Compare ratios, not absolutes: everything shares one small machine, and another machine gives other numbers.',
    '',
    `- Command: \`${command}\``,
    `- Date: ${date}`,
    `- Machine: ${machine}`,
    `- Load before the parts: ${load.map((each) => each.toFixed(1)).join(' to ')} (processes that wanted a core, mean of a minute)`,
    '',
    sections.map(sectionText).join('\n\n'),
    '',
  ].join('\n');

/** `docs/performance.json`, from the same run. */
export const performanceFigures = ({ machine, load, command, date }: RunFacts, sections: readonly Section[]): string =>
  `${JSON.stringify({ machine, load, command, date, figures: sections.flatMap(({ figures = [] }): readonly Figure[] => figures) }, null, 2)}\n`;
