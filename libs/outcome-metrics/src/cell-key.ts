/** A cell as text: its parts in order, joined by `|`, agreements by `,`; `%`, `|` and `,` inside a part are escaped. */
export type CellKey = string;

export interface Cell {
  readonly metric: string;
  /** `YYYY-MM`. */
  readonly month: string;
  /** GSS code of the district, or `unknown`. */
  readonly district: string;
  readonly programme: string;
  readonly ageBand: string;
  readonly priorityGroup: string;
  /** Agreements of every fact read for the cell; sorted, each once. */
  readonly agreements: readonly string[];
}

/** Thrown when a text is not a cell. */
export class InvalidCellKey extends Error {
  override readonly name = 'InvalidCellKey';
  readonly code = 'invalid-cell-key';
  readonly remedy = 'Give seven parts joined by "|": metric, month, district, programme, age band, priority group, agreements.';
  constructor() {
    super('Not a cell: expected metric|month|district|programme|age band|priority group|agreements.');
  }
}

const RESERVED = /[%|,]/;
const EACH_RESERVED = /[%|,]/g;
const escape = (part: string): string =>
  RESERVED.test(part)
    ? part.replace(EACH_RESERVED, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    : part;

const ESCAPED = /%(25|7C|2C)/g;
const unescape = (part: string): string =>
  part.includes('%') ? part.replace(ESCAPED, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))) : part;

/** The text of a cell; two cells have one text only if they are equal. */
export const cellKey = (cell: Cell): CellKey =>
  `${escape(cell.metric)}|${cell.month}|${escape(cell.district)}|${escape(cell.programme)}|${escape(cell.ageBand)}|${escape(
    cell.priorityGroup,
  )}|${cell.agreements.map(escape).join(',')}`;

/**
 * The cell of a text.
 *
 * @throws {InvalidCellKey}
 */
export const parseCellKey = (key: CellKey): Cell => {
  const parts = key.split('|');
  if (parts.length !== 7) throw new InvalidCellKey();
  const [metric = '', month = '', district = '', programme = '', ageBand = '', priorityGroup = '', agreements = ''] = parts;
  return {
    metric: unescape(metric),
    month,
    district: unescape(district),
    programme: unescape(programme),
    ageBand: unescape(ageBand),
    priorityGroup: unescape(priorityGroup),
    agreements: agreements === '' ? [] : agreements.split(',').map(unescape),
  };
};
