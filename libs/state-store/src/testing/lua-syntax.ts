/** A piece of a script: its kind, its text, and the line it stands on. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'symbol' | 'keyword' | 'end';
  readonly text: string;
  readonly line: number;
}

/** Thrown for Lua that this reader does not know: scripts keep to a small part of the language. */
export class LuaUnknown extends Error {
  override readonly name = 'LuaUnknown';
  readonly code = 'LUA_UNKNOWN';
}

const KEYWORDS = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(' '),
);
const SPACE = /(?:\s+|--[^\n]*)+/y;
const WORD = /[A-Za-z_]\w*/y;
const NUMBER = /\d+(?:\.\d+)?/y;
const TEXT = /'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/y;
const SYMBOL = /\.\.|==|~=|<=|>=|[-+*/%#<>=(){}[\];:,.]/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** The pieces of a script, in order. @throws LuaUnknown */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  let line = 1;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found !== null) {
      at = pattern.lastIndex;
      line += found[0].split('\n').length - 1;
    }
    return found;
  };
  for (;;) {
    match(SPACE);
    if (at >= source.length) break;
    const word = match(WORD)?.[0];
    if (word !== undefined) {
      tokens.push({ kind: KEYWORDS.has(word) ? 'keyword' : 'name', text: word, line });
      continue;
    }
    const number = match(NUMBER)?.[0];
    if (number !== undefined) {
      tokens.push({ kind: 'number', text: number, line });
      continue;
    }
    const text = match(TEXT);
    if (text !== null) {
      tokens.push({ kind: 'string', text: unescaped(text[1] ?? text[2] ?? ''), line });
      continue;
    }
    const symbol = match(SYMBOL)?.[0];
    if (symbol === undefined) throw new LuaUnknown(`line ${line}: ${source.slice(at, at + 20)}`);
    tokens.push({ kind: 'symbol', text: symbol, line });
  }
  tokens.push({ kind: 'end', text: '', line });
  return tokens;
}

const unescaped = (text: string): string =>
  text.replace(/\\(\d{1,3}|.)/gs, (_, escape: string) => {
    if (/^\d/.test(escape)) return String.fromCharCode(Number(escape));
    const character = ESCAPES[escape];
    if (character === undefined) throw new LuaUnknown(`\\${escape}`);
    return character;
  });
