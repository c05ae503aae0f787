import { LuaExpressions } from './lua-expressions.js';
import type { Expression, Statement, Values } from './lua-expressions.js';
import { LIBRARY } from './lua-library.js';
import { Scope } from './lua-operators.js';
import { LuaUnknown, tokensOf } from './lua-syntax.js';
import { isTrue, LuaTable, numberOf } from './lua-values.js';
import type { LuaValue } from './lua-values.js';

/** A script as a function of what it is given. */
export type LuaScript = (globals: Readonly<Record<string, LuaValue>>) => readonly LuaValue[];

/**
 * Reads the part of Lua 5.1 that Redis scripts keep to: no metatables, patterns, goto, varargs or coroutines, and no variable
 * that is not local.
 * @throws LuaUnknown
 */
export function readLua(source: string): LuaScript {
  const body = new LuaReader(tokensOf(Buffer.from(source, 'utf8').toString('latin1'))).script();
  return (globals) => {
    const outermost = new Scope(null);
    for (const [name, value] of Object.entries({ ...LIBRARY, ...globals })) outermost.declare(name, value);
    const left = body(new Scope(outermost));
    return left === undefined || left === 'break' ? [] : left;
  };
}

class LuaReader extends LuaExpressions {
  script(): Statement {
    const body = this.block();
    if (this.token.kind !== 'end') this.unknown();
    return body;
  }

  protected block(): Statement {
    const statements: Statement[] = [];
    while (!['end', 'else', 'elseif', 'until'].some((word) => this.is(word)) && this.token.kind !== 'end') {
      statements.push(this.statement());
      this.take(';');
    }
    return (scope) => {
      for (const statement of statements) {
        const left = statement(scope);
        if (left !== undefined) return left;
      }
      return undefined;
    };
  }

  protected closed(): Statement {
    const block = this.block();
    this.expect('end');
    return (scope) => block(new Scope(scope));
  }

  protected statement(): Statement {
    if (this.take('local')) return this.local();
    if (this.take('if')) return this.if();
    if (this.take('while')) return this.while();
    if (this.take('for')) return this.for();
    if (this.take('repeat')) return this.repeat();
    if (this.take('do')) return this.closed();
    if (this.take('break')) return () => 'break';
    if (this.take('return')) {
      const isBare = ['end', 'else', 'elseif', 'until', ';'].some((word) => this.is(word)) || this.token.kind === 'end';
      const values: Values = isBare ? () => [] : this.list();
      return (scope) => values(scope);
    }
    return this.assignmentOrCall();
  }

  protected local(): Statement {
    if (this.take('function')) {
      const name = this.name();
      const make = this.functionBody();
      return (scope) => {
        scope.declare(name, undefined);
        scope.set(name, make(scope));
        return undefined;
      };
    }
    const names = this.names();
    const values: Values = this.take('=') ? this.list() : () => [];
    return (scope) => {
      const given = values(scope);
      for (const [index, name] of names.entries()) scope.declare(name, given[index]);
      return undefined;
    };
  }

  protected if(): Statement {
    const branches: { readonly condition: Expression; readonly body: Statement }[] = [];
    let otherwise: Statement = () => undefined;
    do {
      const condition = this.expression();
      this.expect('then');
      branches.push({ condition, body: this.block() });
    } while (this.take('elseif'));
    if (this.take('else')) otherwise = this.block();
    this.expect('end');
    return (scope) => (branches.find(({ condition }) => isTrue(condition(scope)))?.body ?? otherwise)(new Scope(scope));
  }

  protected while(): Statement {
    const condition = this.expression();
    this.expect('do');
    const body = this.closed();
    return (scope) => {
      while (isTrue(condition(scope))) {
        const left = body(scope);
        if (left === 'break') return undefined;
        if (left !== undefined) return left;
      }
      return undefined;
    };
  }

  protected repeat(): Statement {
    const body = this.block();
    this.expect('until');
    const condition = this.expression();
    return (scope) => {
      for (;;) {
        const inner = new Scope(scope);
        const left = body(inner);
        if (left === 'break') return undefined;
        if (left !== undefined) return left;
        if (isTrue(condition(inner))) return undefined;
      }
    };
  }

  protected for(): Statement {
    const names = this.names();
    const [first = ''] = names;
    const isNumeric = this.take('=');
    if (!isNumeric) this.expect('in');
    const given = this.list();
    this.expect('do');
    const body = this.closed();
    const each = function* (scope: Scope): Generator<readonly LuaValue[]> {
      if (!isNumeric) {
        const [table] = given(scope);
        if (!(table instanceof LuaTable)) throw new LuaUnknown('a loop over what is no table');
        yield* table.entries();
        return;
      }
      const [from, to, step = 1] = given(scope).map(numberOf);
      for (let value = from!; step > 0 ? value <= to! : value >= to!; value += step) yield [value];
    };
    return (scope) => {
      for (const values of each(scope)) {
        const inner = new Scope(scope);
        inner.declare(first, values[0]);
        if (names[1] !== undefined) inner.declare(names[1], values[1]);
        const left = body(inner);
        if (left === 'break') return undefined;
        if (left !== undefined) return left;
      }
      return undefined;
    };
  }

  protected assignmentOrCall(): Statement {
    const first = this.suffixed();
    if (!this.is('=') && !this.is(',')) {
      const { all } = first;
      if (all === undefined) this.unknown();
      return (scope) => {
        all(scope);
        return undefined;
      };
    }
    const targets = [first];
    while (this.take(',')) targets.push(this.suffixed());
    this.expect('=');
    const values = this.list();
    return (scope) => {
      const places = targets.map(({ place }) => place?.(scope));
      const given = values(scope);
      for (const [index, put] of places.entries()) put?.(given[index]);
      return undefined;
    };
  }
}
