/** One part of the bench, as it is printed and as it stands on the page. */
export interface Section {
  readonly title: string;
  /** How it was measured; a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly verdicts: readonly Verdict[];
  /** The same for machines. Default: none. */
  readonly figures?: readonly Figure[];
}

/** One line of a contender in the figures for machines. */
export interface Figure {
  /** What was run, over what. */
  readonly workload: string;
  readonly contender: string;
  /** `cold`: from the start of its process; `second half`: from the half of its input. */
  readonly phase: 'cold' | 'second half';
  readonly eventsPerSecond: number;
  /** Of the contender and its store; the broker's apart. */
  readonly cpuSecondsPerMillion: number;
  /** How many times less of the processor the platform takes for an event; null: this is the platform, or it did not run. */
  readonly ratio: number | null;
  /** What is asked of the ratio; null: nothing. */
  readonly target: number | null;
  readonly reached: boolean | null;
}

/** A target, and what came of it. */
export interface Verdict {
  readonly target: string;
  readonly measured: string;
  readonly met: boolean;
}

export const whole = (value: number): string => Math.round(value).toLocaleString('en-GB');

/** A table whose columns line up in a terminal and which Markdown reads as a table. */
export function tableOf({ columns, rows }: Pick<Section, 'columns' | 'rows'>): string {
  const width = columns.map((column, i) => Math.max(column.length, ...rows.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(width[i]!) : cell.padStart(width[i]!))).join(' | ')} |`;
  const rule = `|${width.map((each, i) => (i === 0 ? '-'.repeat(each + 2) : `${'-'.repeat(each + 1)}:`)).join('|')}|`;
  return [line(columns), rule, ...rows.map(line)].join('\n');
}

const verdictLine = ({ target, measured, met }: Verdict): string => `- ${met ? 'Met' : 'Not met'}: ${target}. Measured: ${measured}.`;

export const sectionText = (section: Section): string =>
  [`## ${section.title}`, '', section.method, '', tableOf(section), ...(section.verdicts.length === 0 ? [] : ['', ...section.verdicts.map(verdictLine)])].join('\n');
