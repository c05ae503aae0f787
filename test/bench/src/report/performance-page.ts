import type { PageSpec } from './pages.js';
import { sectionText } from './section.js';
import type { Figure, Section } from './section.js';

/** When, where and how a run was made. */
export interface RunFacts {
  readonly machine: string;
  /** Load of the machine before each part, least and greatest. */
  readonly load: readonly [number, number];
  /** Minutes each part took, in order. */
  readonly minutes: Readonly<Record<string, number>>;
  /** As it was typed. */
  readonly command: string;
  /** ISO date, as the caller said. */
  readonly date: string;
}

/** How long the parts took, in a line. */
export function minutesText(minutes: RunFacts['minutes']): string {
  const total = Object.values(minutes).reduce((sum, each) => sum + each, 0);
  return `${total.toFixed(1)} minutes (${Object.entries(minutes).map(([part, each]) => `${part} ${each.toFixed(1)}`).join(', ')})`;
}

/** The page for people, from one run. */
export const performancePage = ({ title, remarks }: PageSpec, { machine, load, minutes, command, date }: RunFacts, sections: readonly Section[]): string =>
  [
    `# ${title}`,
    '',
    'Written by one run of the bench; do not edit. Compare ratios, not absolutes: everything shares one small machine, and another machine gives other numbers.',
    '',
    `- Command: \`${command}\``,
    `- Date: ${date}`,
    `- Machine: ${machine}`,
    `- Load before the parts: ${load.map((each) => each.toFixed(1)).join(' to ')} (processes that wanted a core, mean of a minute)`,
    `- Took: ${minutesText(minutes)}`,
    '',
    ...remarks.flatMap((remark) => [remark, '']),
    sections.map(sectionText).join('\n\n'),
    '',
  ].join('\n');

/** The same for machines: a line for each contender and phase, and every target with what came of it. */
export const performanceFigures = ({ machine, load, minutes, command, date }: RunFacts, sections: readonly Section[]): string => {
  const figures = sections.flatMap(({ figures: own = [] }): readonly Figure[] => own);
  const targets = sections.flatMap(({ title, verdicts }) => verdicts.map(({ target, measured, met }) => ({ section: title, target, measured, reached: met })));
  return `${JSON.stringify({ machine, load, minutes, command, date, figures, targets }, null, 2)}\n`;
};
