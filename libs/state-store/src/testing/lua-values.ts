import { LuaUnknown } from './lua-syntax.js';

/** Nil is undefined; text is bytes, one character each. */
export type LuaValue = undefined | boolean | number | string | LuaTable | LuaFunction;
export type LuaFunction = (args: readonly LuaValue[]) => readonly LuaValue[];

/** A table: values 1, 2, 3 … apart from the rest. */
export class LuaTable {
  readonly list: LuaValue[] = [];
  readonly #rest = new Map<LuaValue, LuaValue>();

  static of(values: readonly LuaValue[]): LuaTable {
    const table = new LuaTable();
    for (const value of values) table.list.push(value);
    return table;
  }

  get(key: LuaValue): LuaValue {
    return typeof key === 'number' && key >= 1 && key <= this.list.length ? this.list[key - 1] : this.#rest.get(key);
  }

  set(key: LuaValue, value: LuaValue): void {
    if (key === undefined) throw new LuaUnknown('a table was given nil as a key');
    const { list } = this;
    if (typeof key !== 'number' || key < 1 || key > list.length + 1 || !Number.isInteger(key)) {
      if (value === undefined) this.#rest.delete(key);
      else this.#rest.set(key, value);
    } else if (value !== undefined) {
      list[key - 1] = value;
      // What was set before its turn came.
      for (let next = list.length + 1; key === list.length && this.#rest.has(next); next += 1) {
        list.push(this.#rest.get(next));
        this.#rest.delete(next);
      }
    } else if (key === list.length) list.pop();
    else if (key <= list.length) list[key - 1] = undefined;
  }

  *entries(): Generator<readonly [LuaValue, LuaValue]> {
    for (const [index, value] of this.list.entries()) if (value !== undefined) yield [index + 1, value];
    yield* this.#rest;
  }
}

export const isTrue = (value: LuaValue): boolean => value !== undefined && value !== false;

/** As Lua writes a number into text; scripts use whole ones. */
export function textOf(value: LuaValue): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  throw new LuaUnknown(`text of a ${value instanceof LuaTable ? 'table' : typeof value}`);
}

export function numberOf(value: LuaValue): number {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number !== 'number' || Number.isNaN(number)) throw new LuaUnknown(`a number of a ${typeof value}`);
  return number;
}
