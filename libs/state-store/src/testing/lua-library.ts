import { LuaUnknown } from './lua-syntax.js';
import { LuaTable, numberOf, textOf } from './lua-values.js';
import type { LuaFunction, LuaValue } from './lua-values.js';

const optional = (value: LuaValue, otherwise: number): number => (value === undefined ? otherwise : numberOf(value));

/** Positions count from 1, or from the end where below 0. */
function range(length: number, from: number, to: number): readonly [begin: number, end: number] {
  const begin = from < 0 ? Math.max(length + from + 1, 1) : Math.max(from, 1);
  const end = to < 0 ? length + to + 1 : Math.min(to, length);
  return [begin - 1, Math.max(begin - 1, end)];
}

const PIECE = /([<>=!])|([BbHhIiLlc])(\d*)/y;

interface Piece {
  readonly kind: 'text' | 'signed' | 'unsigned';
  readonly size: number;
  readonly little: boolean;
}

/** What a format of `struct` asks for, in order. */
function piecesOf(format: string): Piece[] {
  const pieces: Piece[] = [];
  let little = true;
  for (let at = 0; at < format.length; at = PIECE.lastIndex) {
    PIECE.lastIndex = at;
    const found = PIECE.exec(format);
    if (found === null) throw new LuaUnknown(`struct format ${format}`);
    const [, order, letter = '', digits = ''] = found;
    if (order !== undefined) little = order !== '>';
    else if (letter === 'c') pieces.push({ kind: 'text', size: Number(digits === '' ? '1' : digits), little });
    else {
      const whole = { b: 1, h: 2, i: 4, l: 8 }[letter.toLowerCase()] ?? 0;
      pieces.push({ kind: letter === letter.toLowerCase() ? 'signed' : 'unsigned', size: digits === '' ? whole : Number(digits), little });
    }
  }
  return pieces;
}

function packNumber(value: number, { size, little }: Piece): string {
  let rest = BigInt.asUintN(size * 8, BigInt(Math.trunc(value)));
  const bytes: string[] = [];
  for (let byte = 0; byte < size; byte += 1, rest >>= 8n) bytes.push(String.fromCharCode(Number(rest & 255n)));
  return (little ? bytes : bytes.reverse()).join('');
}

function unpackNumber(text: string, at: number, { kind, size, little }: Piece): number {
  let value = 0;
  for (let byte = 0; byte < size; byte += 1) value = value * 256 + text.charCodeAt(little ? at + size - 1 - byte : at + byte);
  return kind === 'signed' && value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value;
}

const pack: LuaFunction = ([format, ...values]) => [
  piecesOf(textOf(format))
    .map((piece, index) => (piece.kind === 'text' ? textOf(values[index]).slice(0, piece.size) : packNumber(numberOf(values[index]), piece)))
    .join(''),
];

const unpack: LuaFunction = ([format, packed, from]) => {
  const text = textOf(packed);
  let at = optional(from, 1) - 1;
  const values: LuaValue[] = [];
  for (const piece of piecesOf(textOf(format))) {
    if (at + piece.size > text.length) throw new LuaUnknown('struct.unpack beyond the end');
    values.push(piece.kind === 'text' ? text.slice(at, at + piece.size) : unpackNumber(text, at, piece));
    at += piece.size;
  }
  return [...values, at + 1];
};

const tableOf = (functions: Readonly<Record<string, LuaFunction>>): LuaTable => {
  const table = new LuaTable();
  for (const [name, act] of Object.entries(functions)) table.set(name, act);
  return table;
};

const asTable = (value: LuaValue): LuaTable => {
  if (value instanceof LuaTable) return value;
  throw new LuaUnknown('a table was expected');
};

const STRING: Readonly<Record<string, LuaFunction>> = {
  sub: ([text, from, to]) => [textOf(text).slice(...range(textOf(text).length, optional(from, 1), optional(to, -1)))],
  byte: ([text, from, to]) => {
    const first = optional(from, 1);
    const slice = textOf(text).slice(...range(textOf(text).length, first, optional(to, first)));
    return [...slice].map((character) => character.charCodeAt(0));
  },
  char: (codes) => [String.fromCharCode(...codes.map(numberOf))],
  rep: ([text, times]) => [textOf(text).repeat(Math.max(0, numberOf(times)))],
  len: ([text]) => [textOf(text).length],
  find: ([text, pattern, from, plain]) => {
    if (plain !== true) throw new LuaUnknown('string.find with a pattern');
    const at = textOf(text).indexOf(textOf(pattern), optional(from, 1) - 1);
    return at < 0 ? [undefined] : [at + 1, at + textOf(pattern).length];
  },
};

/** What scripts may call, without `redis`. */
export const LIBRARY: Readonly<Record<string, LuaValue>> = {
  string: tableOf(STRING),
  struct: tableOf({ pack, unpack }),
  table: tableOf({
    concat: ([table, separator]) => [asTable(table).list.map(textOf).join(separator === undefined ? '' : textOf(separator))],
    insert: ([table, ...rest]) => {
      const { list } = asTable(table);
      if (rest.length === 1) list.push(rest[0]);
      else list.splice(numberOf(rest[0]) - 1, 0, rest[1]);
      return [];
    },
  }),
  math: tableOf({
    min: (numbers) => [Math.min(...numbers.map(numberOf))],
    max: (numbers) => [Math.max(...numbers.map(numberOf))],
    floor: ([number]) => [Math.floor(numberOf(number))],
    ceil: ([number]) => [Math.ceil(numberOf(number))],
  }),
  unpack: ([table, from, to]) => {
    const { list } = asTable(table);
    const begin = optional(from, 1);
    const end = optional(to, list.length);
    return Array.from({ length: Math.max(0, end - begin + 1) }, (_, index) => asTable(table).get(begin + index));
  },
  // A loop takes the table itself.
  pairs: ([table]) => [asTable(table)],
  ipairs: ([table]) => [asTable(table)],
  tonumber: ([value]) => {
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return [typeof number === 'number' && !Number.isNaN(number) ? number : undefined];
  },
  tostring: ([value]) => [typeof value === 'boolean' || value === undefined ? String(value ?? 'nil') : textOf(value)],
  type: ([value]) => [value === undefined ? 'nil' : value instanceof LuaTable ? 'table' : typeof value],
};
