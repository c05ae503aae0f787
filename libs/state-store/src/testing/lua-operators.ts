import { LuaUnknown } from './lua-syntax.js';
import { LuaTable, numberOf, textOf } from './lua-values.js';
import type { LuaFunction, LuaValue } from './lua-values.js';

/** Variables of a block; one that is not found in it is looked for in the one around it. */
export class Scope {
  readonly #own = new Map<string, LuaValue>();
  constructor(private readonly outer: Scope | null) {}

  declare(name: string, value: LuaValue): void {
    this.#own.set(name, value);
  }

  get(name: string): LuaValue {
    if (this.#own.has(name)) return this.#own.get(name);
    if (this.outer === null) throw new LuaUnknown(`the global ${name}`);
    return this.outer.get(name);
  }

  set(name: string, value: LuaValue): void {
    if (this.#own.has(name)) this.#own.set(name, value);
    else if (this.outer === null) throw new LuaUnknown(`the global ${name}`);
    else this.outer.set(name, value);
  }
}

/** How closely operators bind. */
export const PRECEDENCE: Readonly<Record<string, number>> = { or: 1, and: 2, '<': 3, '>': 3, '<=': 3, '>=': 3, '~=': 3, '==': 3, '..': 4, '+': 5, '-': 5, '*': 6, '/': 6, '%': 6 };
/** Those of one operand bind closer than any but a power. */
export const UNARY = 7;

const compare = (left: LuaValue, right: LuaValue): number => {
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : left > right ? 1 : 0;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  throw new LuaUnknown('a comparison of two kinds');
};

/** What operators of two operands do; `and` and `or` choose what is computed at all, and are the reader's. */
export const OPERATORS: Readonly<Record<string, (left: LuaValue, right: LuaValue) => LuaValue>> = {
  '<': (left, right) => compare(left, right) < 0,
  '>': (left, right) => compare(left, right) > 0,
  '<=': (left, right) => compare(left, right) <= 0,
  '>=': (left, right) => compare(left, right) >= 0,
  '==': (left, right) => left === right,
  '~=': (left, right) => left !== right,
  '..': (left, right) => textOf(left) + textOf(right),
  '+': (left, right) => numberOf(left) + numberOf(right),
  '-': (left, right) => numberOf(left) - numberOf(right),
  '*': (left, right) => numberOf(left) * numberOf(right),
  '/': (left, right) => numberOf(left) / numberOf(right),
  '%': (left, right) => numberOf(left) - Math.floor(numberOf(left) / numberOf(right)) * numberOf(right),
};

export function tableOf(value: LuaValue): LuaTable {
  if (value instanceof LuaTable) return value;
  throw new LuaUnknown('an index of what is no table');
}

export function called(value: LuaValue): LuaFunction {
  if (typeof value === 'function') return value;
  throw new LuaUnknown('a call of what is no function');
}

export function lengthOf(value: LuaValue): number {
  if (typeof value === 'string') return value.length;
  return tableOf(value).list.length;
}
