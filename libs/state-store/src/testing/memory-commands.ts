/** A hash, or a sorted set: fields with their values or scores. */
export class Fields<T> {
  readonly map: Map<string, T>;
  constructor(readonly kind: 'hash' | 'sorted set', entries?: Iterable<readonly [string, T]>) {
    this.map = new Map(entries);
  }
  copy(): Fields<T> {
    return new Fields(this.kind, this.map);
  }
}

/** Values in a row. */
export class Row {
  readonly kind = 'list';
  constructor(public values: readonly string[] = []) {}
  copy(): Row {
    return new Row(this.values);
  }
}

interface Held {
  readonly value: string | Fields<string> | Fields<number> | Row;
  /** Milliseconds; Infinity: never. */
  expiresAt: number;
}

/** By key; bytes as text, one character each. */
export type Keyspace = Map<string, Held>;
export type Reply = string | number | null | Reply[];

/** What a server would refuse. */
export class WrongUse extends Error {
  override readonly name = 'WrongUse';
  readonly code = 'WRONG_USE';
}

type Command = (keyspace: Keyspace, args: readonly string[], now: number) => Reply;

const WRONG_KIND = 'WRONGTYPE Operation against a key holding the wrong kind of value';

function held(keyspace: Keyspace, key: string, now: number): Held | undefined {
  const found = keyspace.get(key);
  if (found === undefined || found.expiresAt > now) return found;
  keyspace.delete(key);
  return undefined;
}

function text(keyspace: Keyspace, key: string, now: number): string | null {
  const value = held(keyspace, key, now)?.value ?? null;
  if (value !== null && typeof value !== 'string') throw new WrongUse(WRONG_KIND);
  return value;
}

function hash(keyspace: Keyspace, key: string, now: number): Map<string, string> {
  const value = held(keyspace, key, now)?.value;
  if (value === undefined) return new Map();
  if (typeof value === 'string' || value.kind !== 'hash') throw new WrongUse(WRONG_KIND);
  return value.map as Map<string, string>;
}

/** The hash of a key, which is made where there is none. */
function hashToWrite(keyspace: Keyspace, key: string, now: number): Map<string, string> {
  const found = hash(keyspace, key, now);
  if (keyspace.has(key)) return found;
  const made = new Fields<string>('hash');
  keyspace.set(key, { value: made, expiresAt: Infinity });
  return made.map;
}

function scores(keyspace: Keyspace, key: string, now: number): Map<string, number> {
  const value = held(keyspace, key, now)?.value;
  if (value === undefined) return new Map();
  if (typeof value === 'string' || value.kind !== 'sorted set') throw new WrongUse(WRONG_KIND);
  return value.map as Map<string, number>;
}

function row(keyspace: Keyspace, key: string, now: number): Row {
  const value = held(keyspace, key, now)?.value;
  if (value === undefined) return new Row();
  if (typeof value === 'string' || value.kind !== 'list') throw new WrongUse(WRONG_KIND);
  return value;
}

const whole = (value: string | null | undefined): number => {
  if (value === null || value === undefined) return 0;
  if (!/^-?\d+$/.test(value)) throw new WrongUse('ERR value is not an integer or out of range');
  return Number(value);
};

function set(keyspace: Keyspace, [key = '', value = '', ...flags]: readonly string[], now: number): Reply {
  const there = held(keyspace, key, now) !== undefined;
  if ((flags.includes('NX') && there) || (flags.includes('XX') && !there)) return null;
  const forMs = flags.indexOf('PX');
  keyspace.set(key, { value, expiresAt: forMs < 0 ? Infinity : now + whole(flags[forMs + 1]) });
  return 'OK';
}

function increased(keyspace: Keyspace, key: string, by: number, now: number): number {
  const sum = whole(text(keyspace, key, now)) + by;
  keyspace.set(key, { value: String(sum), expiresAt: keyspace.get(key)?.expiresAt ?? Infinity });
  return sum;
}

function deleted(keyspace: Keyspace, keys: readonly string[], now: number): number {
  return keys.filter((key) => held(keyspace, key, now) !== undefined && keyspace.delete(key)).length;
}

function deletedFields(keyspace: Keyspace, [key = '', ...fields]: readonly string[], now: number): number {
  const found = hash(keyspace, key, now);
  const count = fields.filter((field) => found.delete(field)).length;
  if (found.size === 0) keyspace.delete(key);
  return count;
}

/** Redis's own glob, as far as `*` and a class go. */
const glob = (pattern: string): RegExp => new RegExp(`^${pattern.replace(/[.+?^${}()|\\]/g, '\\$&').replaceAll('*', '[^]*')}$`);

function matching(keyspace: Keyspace, pattern: string | undefined, now: number): string[] {
  return [...keyspace.keys()].filter((key) => held(keyspace, key, now) !== undefined && (pattern === undefined || glob(pattern).test(key)));
}

function addScores(keyspace: Keyspace, [key = '', ...pairs]: readonly string[], now: number): number {
  const found = scores(keyspace, key, now);
  const before = found.size;
  for (let at = 0; at + 1 < pairs.length; at += 2) found.set(pairs[at + 1]!, Number(pairs[at]));
  if (!keyspace.has(key)) keyspace.set(key, { value: new Fields('sorted set', found), expiresAt: Infinity });
  return found.size - before;
}

function removeByRank(keyspace: Keyspace, [key = '', from, to]: readonly string[], now: number): number {
  const found = scores(keyspace, key, now);
  const ranked = [...found].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([name]) => name);
  const place = (rank: number) => (rank < 0 ? ranked.length + rank : rank);
  const removed = ranked.slice(Math.max(0, place(whole(from))), Math.max(0, place(whole(to)) + 1));
  for (const name of removed) found.delete(name);
  if (found.size === 0) keyspace.delete(key);
  return removed.length;
}

/** Places count from 0, or from the end where below 0; the last is among them. */
function places(length: number, first: string | undefined, last: string | undefined): readonly [begin: number, end: number] {
  const [from, to] = [whole(first), whole(last)].map((place) => (place < 0 ? length + place : place)) as [number, number];
  return [Math.max(0, from), Math.max(0, to + 1)];
}

function pushed(keyspace: Keyspace, [key = '', ...values]: readonly string[], now: number): number {
  const found = row(keyspace, key, now);
  found.values = [...found.values, ...values];
  if (!keyspace.has(key)) keyspace.set(key, { value: found, expiresAt: Infinity });
  return found.values.length;
}

function trimmed(keyspace: Keyspace, [key = '', first, last]: readonly string[], now: number): Reply {
  const found = row(keyspace, key, now);
  found.values = found.values.slice(...places(found.values.length, first, last));
  if (found.values.length === 0) keyspace.delete(key);
  return 'OK';
}

/** The last place of a value, as `RANK -1` asks for. */
function lastPlace(keyspace: Keyspace, [key = '', value = '', ...flags]: readonly string[], now: number): Reply {
  if (flags.join(' ') !== 'RANK -1') throw new WrongUse('ERR LPOS but for RANK -1');
  const place = row(keyspace, key, now).values.lastIndexOf(value);
  return place < 0 ? null : place;
}

/** What the stores ask of a server. Scans answer everything at once, which a server may do as well. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  GET: (keyspace, [key = ''], now) => text(keyspace, key, now),
  MGET: (keyspace, keys, now) => keys.map((key) => text(keyspace, key, now)),
  SET: set,
  APPEND: (keyspace, [key = '', more = ''], now) => {
    const value = (text(keyspace, key, now) ?? '') + more;
    keyspace.set(key, { value, expiresAt: keyspace.get(key)?.expiresAt ?? Infinity });
    return value.length;
  },
  STRLEN: (keyspace, [key = ''], now) => text(keyspace, key, now)?.length ?? 0,
  GETRANGE: (keyspace, [key = '', first, last], now) => {
    const value = text(keyspace, key, now) ?? '';
    return value.slice(...places(value.length, first, last));
  },
  INCR: (keyspace, [key = ''], now) => increased(keyspace, key, 1, now),
  INCRBY: (keyspace, [key = '', by], now) => increased(keyspace, key, whole(by), now),
  DEL: deleted,
  UNLINK: deleted,
  EXISTS: (keyspace, keys, now) => keys.filter((key) => held(keyspace, key, now) !== undefined).length,
  PEXPIRE: (keyspace, [key = '', forMs], now) => {
    const found = held(keyspace, key, now);
    if (found === undefined) return 0;
    found.expiresAt = now + whole(forMs);
    return 1;
  },
  HGET: (keyspace, [key = '', field = ''], now) => hash(keyspace, key, now).get(field) ?? null,
  HMGET: (keyspace, [key = '', ...fields], now) => {
    const found = hash(keyspace, key, now);
    return fields.map((field) => found.get(field) ?? null);
  },
  HGETALL: (keyspace, [key = ''], now) => [...hash(keyspace, key, now)].flat(),
  HKEYS: (keyspace, [key = ''], now) => [...hash(keyspace, key, now).keys()],
  HLEN: (keyspace, [key = ''], now) => hash(keyspace, key, now).size,
  HEXISTS: (keyspace, [key = '', field = ''], now) => (hash(keyspace, key, now).has(field) ? 1 : 0),
  HSET: (keyspace, [key = '', ...pairs], now) => {
    const found = hashToWrite(keyspace, key, now);
    const before = found.size;
    for (let at = 0; at + 1 < pairs.length; at += 2) found.set(pairs[at]!, pairs[at + 1]!);
    return found.size - before;
  },
  HSETNX: (keyspace, [key = '', field = '', value = ''], now) => {
    const found = hashToWrite(keyspace, key, now);
    if (found.has(field)) return 0;
    found.set(field, value);
    return 1;
  },
  HDEL: deletedFields,
  HINCRBY: (keyspace, [key = '', field = '', by], now) => {
    const found = hashToWrite(keyspace, key, now);
    const sum = whole(found.get(field)) + whole(by);
    found.set(field, String(sum));
    return sum;
  },
  HSCAN: (keyspace, [key = ''], now) => ['0', [...hash(keyspace, key, now)].flat()],
  TIME: (_, __, now) => [String(Math.floor(now / 1_000)), String((now % 1_000) * 1_000)],
  SCAN: (keyspace, [, ...flags], now) => ['0', matching(keyspace, flags[flags.indexOf('MATCH') + 1], now)],
  KEYS: (keyspace, [pattern], now) => matching(keyspace, pattern, now),
  RPUSH: pushed,
  LTRIM: trimmed,
  LPOS: lastPlace,
  LINDEX: (keyspace, [key = '', place], now) => row(keyspace, key, now).values.at(whole(place)) ?? null,
  LRANGE: (keyspace, [key = '', first, last], now) => {
    const { values } = row(keyspace, key, now);
    return values.slice(...places(values.length, first, last));
  },
  ZADD: addScores,
  ZMSCORE: (keyspace, [key = '', ...names], now) => {
    const found = scores(keyspace, key, now);
    return names.map((name) => {
      const score = found.get(name);
      return score === undefined ? null : String(score);
    });
  },
  ZREMRANGEBYRANK: removeByRank,
};
