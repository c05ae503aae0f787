import type { Random } from '@throughline/test-population';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

/** A file some of whose records were spoilt. */
export interface PoisonedFile {
  readonly text: string;
  readonly records: number;
  readonly spoilt: number;
  /** Ways in which some record of it was spoilt, by name. */
  readonly kinds: ReadonlySet<string>;
}

/** In the place of a value that is text. */
const TEXTS: readonly string[] = [
  '', ' ', 'null', 'undefined', 'NaN', '-1', '0', '1e400', '99999999999999999999', '2026-13-45', '0000-00-00', '31/12/2026', '2026-02-30', '9999-12-31T23:59:60Z',
  '=1+1', '<script>', '&amp;', "'; drop table people; --", '%00', '\u0007', '\u202e', '\ufeff', '𝟙𝟚', 'é'.repeat(40), 'x'.repeat(20_000), '../../etc', '{"a":1}', 'true',
];
/** In the place of a value of JSON. */
const VALUES: readonly unknown[] = [null, true, false, 0, -1, 1.5, 1e308, [], {}, [[]], { value: null }, [null], '', 'text', '2026-13-45', '\u0000', Array.from({ length: 50 }, () => 0)];
const SHARE = 0.1;

/** Kinds of spoiling there are: texts in a column or an element, values in a document, what goes missing, what stands twice. */
export const KINDS = TEXTS.length + VALUES.length + 5;

/** Spoils about one record in ten, so that the file stays one of its format. */
export function poisoned(text: string, mediaType: string, random: Random): PoisonedFile {
  const ways = new Ways(random);
  if (mediaType.includes('csv')) return { ...poisonedCsv(text, random, ways), kinds: ways.drawn };
  if (mediaType.includes('xml')) return { ...poisonedXml(text, random, ways), kinds: ways.drawn };
  return { ...poisonedJson(text, mediaType.includes('ndjson'), random, ways), kinds: ways.drawn };
}

type Spoilt = Omit<PoisonedFile, 'kinds'>;

/** Draws how a record is spoilt, and remembers it. */
class Ways {
  readonly drawn = new Set<string>();

  constructor(private readonly random: Random) {}

  text(): string {
    const at = this.random.between(0, TEXTS.length - 1);
    this.drawn.add(`text ${at}`);
    return TEXTS[at]!;
  }

  value(): unknown {
    const at = this.random.between(0, VALUES.length - 1);
    this.drawn.add(`value ${at}`);
    return VALUES[at];
  }

  /** One without a value of its own. */
  note(kind: 'row too short' | 'row too long' | 'member left out' | 'element left out' | 'element twice'): void {
    this.drawn.add(kind);
  }
}

function poisonedCsv(text: string, random: Random, ways: Ways): Spoilt {
  const [head = [], ...rows] = parse(text, { bom: true, relaxColumnCount: true });
  let spoilt = 0;
  const changed = rows.map((row) => {
    if (!random.chance(SHARE)) return row;
    spoilt += 1;
    const at = random.between(0, row.length - 1);
    // A row too short or too long is one too.
    if (random.chance(0.05)) {
      ways.note('row too short');
      return row.slice(0, Math.max(2, at));
    }
    if (random.chance(0.05)) {
      ways.note('row too long');
      return [...row, 'more'];
    }
    return row.with(at, ways.text());
  });
  return { text: stringify([head, ...changed]), records: rows.length, spoilt };
}

function poisonedJson(text: string, isLines: boolean, random: Random, ways: Ways): Spoilt {
  const documents = (isLines ? text.split('\n').filter((line) => line.trim() !== '') : [text]).map((line) => JSON.parse(line) as unknown);
  let spoilt = 0;
  const changed = documents.map((document) => {
    if (!random.chance(SHARE)) return document;
    spoilt += 1;
    spoilOne(document, random, ways);
    return document;
  });
  return { text: changed.map((document) => JSON.stringify(document)).join('\n') + '\n', records: documents.length, spoilt };
}

/** Puts something else in the place of one value of a document, or leaves it out. */
function spoilOne(document: unknown, random: Random, ways: Ways): void {
  const places: { readonly holder: Record<string, unknown>; readonly key: string }[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const key of Object.keys(value)) {
      places.push({ holder: value as Record<string, unknown>, key });
      walk((value as Record<string, unknown>)[key]);
    }
  };
  walk(document);
  if (places.length === 0) return;
  const { holder, key } = random.pick(places);
  if (random.chance(0.1)) {
    ways.note('member left out');
    delete holder[key];
  } else holder[key] = ways.value();
}

/** A record of an ILR file. */
const LEARNER = /<(Learner|LearnerDestinationandProgression)>[^]*?<\/\1>/g;
const LEAF = /<(\w+)>([^<]*)<\/\1>/g;
const ATTRIBUTE = /value="[^"]*"/g;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\u0007', '');

function poisonedXml(text: string, random: Random, ways: Ways): Spoilt {
  if (!text.includes('<LearningProvider>')) return poisonedMessage(text, random, ways);
  let records = 0;
  let spoilt = 0;
  const changed = text.replace(LEARNER, (learner) => {
    records += 1;
    if (!random.chance(SHARE)) return learner;
    spoilt += 1;
    const leaves = [...learner.matchAll(LEAF)];
    if (leaves.length === 0) return learner;
    const [leaf, name = ''] = random.pick(leaves);
    const kind = random.between(1, 10);
    if (kind === 1) {
      ways.note('element left out');
      return learner.replace(leaf, '');
    }
    if (kind === 2) {
      ways.note('element twice');
      return learner.replace(leaf, leaf + leaf);
    }
    const text = escaped(ways.text());
    return learner.replace(leaf, () => `<${name}>${text}</${name}>`);
  });
  return { text: changed, records, spoilt };
}

/** A message of one record, whose values are attributes. */
function poisonedMessage(text: string, random: Random, ways: Ways): Spoilt {
  const values = [...text.matchAll(ATTRIBUTE)];
  if (values.length === 0 || !random.chance(SHARE)) return { text, records: 1, spoilt: 0 };
  const { index, 0: found } = random.pick(values);
  const other = `value="${escaped(ways.text()).replaceAll('"', '&quot;')}"`;
  return { text: text.slice(0, index) + other + text.slice(index + found.length), records: 1, spoilt: 1 };
}
