/** What a figure is about. */
export interface Cell {
  readonly metric: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** GSS code, or `unknown`. */
  readonly district: string;
  readonly programme: string;
  readonly ageBand: string;
  readonly priorityGroup: string;
  readonly agreements: readonly string[];
}

const ESCAPED: Readonly<Record<string, string>> = { '%': '%25', '|': '%7C', ',': '%2C' };
const escape = (part: string): string => part.replace(/[%|,]/g, (character) => ESCAPED[character] ?? character);
const byBytes = (left: string, right: string): number => Buffer.compare(Buffer.from(left), Buffer.from(right));

/** A cell as text, by decision 0004: its parts joined by `|`, agreements sorted and joined by `,`. */
export const cellText = (cell: Cell): string =>
  [
    ...[cell.metric, cell.month, cell.district, cell.programme, cell.ageBand, cell.priorityGroup].map(escape),
    [...cell.agreements].sort(byBytes).map(escape).join(','),
  ].join('|');

export function parseCellText(text: string): Cell {
  const part = (value: string | undefined): string => (value ?? '').replaceAll('%2C', ',').replaceAll('%7C', '|').replaceAll('%25', '%');
  const [metric, month, district, programme, ageBand, priorityGroup, agreements] = text.split('|');
  return {
    metric: part(metric),
    month: part(month),
    district: part(district),
    programme: part(programme),
    ageBand: part(ageBand),
    priorityGroup: part(priorityGroup),
    agreements: (agreements ?? '') === '' ? [] : (agreements ?? '').split(',').map(part),
  };
}
