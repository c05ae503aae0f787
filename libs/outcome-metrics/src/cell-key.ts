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

/** Texts of cells met lately, by their parts in order: most people are counted in cells that others are counted in too. */
class KnownKeys {
  readonly next = new Map<string, KnownKeys>();
  key: CellKey | undefined;

  then(part: string): KnownKeys {
    let known = this.next.get(part);
    if (known === undefined) this.next.set(part, (known = new KnownKeys()));
    return known;
  }
}

let known = new KnownKeys();
let knownCount = 0;
const MOST_KNOWN = 200_000;

const textOf = (cell: Cell): CellKey =>
  `${escape(cell.metric)}|${cell.month}|${escape(cell.district)}|${escape(cell.programme)}|${escape(cell.ageBand)}|${escape(
    cell.priorityGroup,
  )}|${cell.agreements.map(escape).join(',')}`;

/** The text of a cell; two cells have one text only if they are equal. */
export const cellKey = (cell: Cell): CellKey => {
  let place = known.then(cell.metric).then(cell.month).then(cell.district).then(cell.programme).then(cell.ageBand).then(cell.priorityGroup);
  for (const agreement of cell.agreements) place = place.then(agreement);
  if (place.key !== undefined) return place.key;
  const key = textOf(cell);
  if (knownCount >= MOST_KNOWN) {
    known = new KnownKeys();
    knownCount = 0;
  } else {
    place.key = key;
    knownCount += 1;
  }
  return key;
};

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
