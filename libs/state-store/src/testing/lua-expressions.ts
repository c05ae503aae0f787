import { called, lengthOf, OPERATORS, PRECEDENCE, Scope, tableOf, UNARY } from './lua-operators.js';
import { LuaUnknown } from './lua-syntax.js';
import type { Token } from './lua-syntax.js';
import { isTrue, LuaTable, numberOf } from './lua-values.js';
import type { LuaFunction, LuaValue } from './lua-values.js';

/** How a block ended before its end: with what a function answers, or out of its loop. */
export type Leaving = readonly LuaValue[] | 'break' | undefined;
export type Statement = (scope: Scope) => Leaving;
export type Expression = (scope: Scope) => LuaValue;
/** All values of an expression, where the last of a list is one that may have several. */
export type Values = (scope: Scope) => readonly LuaValue[];

interface Parsed {
  readonly value: Expression;
  readonly all?: Values;
  /** Where it may stand before `=`: the place is found before anything is put anywhere. */
  readonly place?: (scope: Scope) => (value: LuaValue) => void;
}

/** Reads expressions; what a function does is read by whoever knows statements. */
export abstract class LuaExpressions {
  protected at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  /** Statements up to the word that ends them. */
  protected abstract block(): Statement;

  protected get token(): Token {
    return this.tokens[this.at]!;
  }

  protected unknown(): never {
    throw new LuaUnknown(`line ${this.token.line}: ${this.token.text}`);
  }

  protected is(text: string): boolean {
    return (this.token.kind === 'symbol' || this.token.kind === 'keyword') && this.token.text === text;
  }

  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at += 1;
    return true;
  }

  protected expect(text: string): void {
    if (!this.take(text)) this.unknown();
  }

  protected name(): string {
    if (this.token.kind !== 'name') this.unknown();
    return this.tokens[this.at++]!.text;
  }

  protected names(): string[] {
    const names = [this.name()];
    while (this.take(',')) names.push(this.name());
    return names;
  }

  protected list(): Values {
    const parsed = [this.parsed(0)];
    while (this.take(',')) parsed.push(this.parsed(0));
    const last = parsed.pop()!;
    return (scope) => {
      const values: LuaValue[] = parsed.map(({ value }) => value(scope));
      if (last.all === undefined) values.push(last.value(scope));
      else for (const value of last.all(scope)) values.push(value);
      return values;
    };
  }

  protected expression(): Expression {
    return this.parsed(0).value;
  }

  protected parsed(above: number): Parsed {
    let left = this.unary();
    for (;;) {
      const { text, kind } = this.token;
      const precedence = kind === 'symbol' || kind === 'keyword' ? (PRECEDENCE[text] ?? 0) : 0;
      if (precedence <= above) return left;
      this.at += 1;
      // Only joining text reads from the right.
      const right = this.parsed(text === '..' ? precedence - 1 : precedence).value;
      const { value } = left;
      const operator = OPERATORS[text];
      if (text === 'and') left = { value: (scope) => andThen(value(scope), scope, right) };
      else if (text === 'or') left = { value: (scope) => orElse(value(scope), scope, right) };
      else left = { value: (scope) => operator!(value(scope), right(scope)) };
    }
  }

  protected unary(): Parsed {
    if (this.take('not')) {
      const of = this.parsed(UNARY).value;
      return { value: (scope) => !isTrue(of(scope)) };
    }
    if (this.take('-')) {
      const of = this.parsed(UNARY).value;
      return { value: (scope) => -numberOf(of(scope)) };
    }
    if (this.take('#')) {
      const of = this.parsed(UNARY).value;
      return { value: (scope) => lengthOf(of(scope)) };
    }
    const { kind, text } = this.token;
    if (kind === 'number' || kind === 'string') {
      this.at += 1;
      const constant = kind === 'number' ? Number(text) : text;
      return { value: () => constant };
    }
    if (this.take('nil')) return { value: () => undefined };
    if (this.take('true')) return { value: () => true };
    if (this.take('false')) return { value: () => false };
    if (this.take('function')) return { value: this.functionBody() };
    if (this.take('{')) return { value: this.table() };
    return this.suffixed();
  }

  /** A name or something in brackets, with its fields, indexes and calls. */
  protected suffixed(): Parsed {
    let parsed = this.primary();
    for (;;) {
      const { value: target } = parsed;
      if (this.take('.')) {
        const field = this.name();
        parsed = indexed(target, () => field);
      } else if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        parsed = indexed(target, key);
      } else if (this.take('(')) {
        const values: Values = this.is(')') ? () => [] : this.list();
        this.expect(')');
        const all: Values = (scope) => called(target(scope))(values(scope));
        parsed = { value: (scope) => all(scope)[0], all };
      } else return parsed;
    }
  }

  protected primary(): Parsed {
    if (this.take('(')) {
      const value = this.expression();
      this.expect(')');
      return { value };
    }
    const name = this.name();
    return { value: (scope) => scope.get(name), place: (scope) => (value) => scope.set(name, value) };
  }

  protected functionBody(): (scope: Scope) => LuaFunction {
    this.expect('(');
    const parameters = this.is(')') ? [] : this.names();
    this.expect(')');
    const body = this.block();
    this.expect('end');
    return (outer) => (args) => {
      const scope = new Scope(outer);
      for (const [index, name] of parameters.entries()) scope.declare(name, args[index]);
      const left = body(scope);
      return left === undefined || left === 'break' ? [] : left;
    };
  }

  protected table(): Expression {
    const fields: { readonly key: Expression | null; readonly item: Parsed }[] = [];
    while (!this.is('}')) {
      if (this.take('[')) {
        const key = this.expression();
        this.expect(']');
        this.expect('=');
        fields.push({ key, item: this.parsed(0) });
      } else if (this.token.kind === 'name' && this.tokens[this.at + 1]?.text === '=') {
        const name = this.name();
        this.expect('=');
        fields.push({ key: () => name, item: this.parsed(0) });
      } else fields.push({ key: null, item: this.parsed(0) });
      if (!this.take(',') && !this.take(';')) break;
    }
    this.expect('}');
    return (scope) => {
      const table = new LuaTable();
      for (const [index, { key, item }] of fields.entries()) {
        if (key !== null) table.set(key(scope), item.value(scope));
        else if (index === fields.length - 1 && item.all !== undefined) for (const value of item.all(scope)) table.list.push(value);
        else table.list.push(item.value(scope));
      }
      return table;
    };
  }
}

const andThen = (left: LuaValue, scope: Scope, right: Expression): LuaValue => (isTrue(left) ? right(scope) : left);
const orElse = (left: LuaValue, scope: Scope, right: Expression): LuaValue => (isTrue(left) ? left : right(scope));

const indexed = (target: Expression, key: Expression): Parsed => ({
  value: (scope) => tableOf(target(scope)).get(key(scope)),
  place: (scope) => {
    const [table, at] = [tableOf(target(scope)), key(scope)];
    return (value) => table.set(at, value);
  },
});
