import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { DATA_FOLDER } from './data-file.js';
import { normalPostcode } from './postcode-form.js';
import { ReferenceDataError } from './reference-data-error.js';

/** Invented postcodes of an area that is not in use (ZA), spread over real districts; wards are invented too. */
export const FICTIONAL_POSTCODES: string = join(DATA_FOLDER, 'postcodes.fictional.csv');

/** Where a postcode lies, as GSS codes. */
export interface PostcodePlace {
  readonly district: string;
  /** Null: the file does not say. */
  readonly ward: string | null;
}

/** Columns by every name the ONS Postcode Directory and the NSPL have had for them; newer editions put the year in. */
const COLUMNS = {
  postcode: [/^pcds$/, /^pcd$/, /^pcd7$/, /^pcd2$/, /^pcd8$/],
  terminated: [/^doterm$/],
  district: [/^oslaua$/, /^laua$/, /^lad\d{2}cd$/, /^ladcd$/],
  ward: [/^osward$/, /^ward$/, /^wd\d{2}cd$/, /^wdcd$/],
} as const;

const MISSING_DISTRICT = /^$|^[A-Z]99999999$/;
/** A postcode and its place in one number: 36^7 postcodes times 2^16 places stay below 2^53. */
const PLACES = 65_536;

/**
 * Postcode to district and ward. All of Great Britain's 1.8 million live postcodes take 14 MB: one sorted array of
 * numbers, each a postcode (seven base-36 digits) and the number of its place.
 */
export class PostcodeDirectory {
  readonly #entries: Float64Array;
  readonly #places: readonly PostcodePlace[];

  private constructor(
    entries: Float64Array,
    places: readonly PostcodePlace[],
    /** Rows left out: terminated postcodes, rows without a district, and what has not a postcode's shape. */
    readonly skipped: number,
  ) {
    this.#entries = entries;
    this.#places = places;
  }

  /**
   * Reads a CSV file with ONSPD or NSPL columns (upper or lower case) as it streams.
   * @throws ReferenceDataError `UNREADABLE`, `MISSING_COLUMN`, `DUPLICATE` (one postcode in two places), `NO_POSTCODES`
   */
  static async load(file: string = FICTIONAL_POSTCODES): Promise<PostcodeDirectory> {
    return PostcodeDirectory.read(createReadStream(file), file);
  }

  /** As {@link load}, from any stream of bytes. @param name what errors call it. */
  static async read(bytes: AsyncIterable<Uint8Array>, name: string): Promise<PostcodeDirectory> {
    const collected = new Entries(name);
    let columns: Columns | undefined;
    const parser = parse({ bom: true, skip_empty_lines: true });
    // An error of the source destroys the parser with it, and so reaches the loop below.
    pipeline(Readable.from(bytes, { objectMode: false }), parser, () => undefined);
    try {
      for await (const row of parser as AsyncIterable<string[]>) {
        if (columns === undefined) columns = findColumns(row, name);
        else collected.add(row, columns);
      }
    } catch (error) {
      if (error instanceof ReferenceDataError) throw error;
      throw new ReferenceDataError('UNREADABLE', name, `Put a readable CSV file there (${(error as { code?: string }).code ?? 'malformed'}).`);
    }
    return collected.finish((entries, places, skipped) => new PostcodeDirectory(entries, places, skipped));
  }

  /** Postcodes held. */
  get size(): number {
    return this.#entries.length;
  }

  /** Place of a postcode, written in any case and spacing; null: not in the directory, or no postcode. */
  find(postcode: string): PostcodePlace | null {
    const normal = normalPostcode(postcode);
    if (normal === null) return null;
    const wanted = numberOf(normal) * PLACES;
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#entries[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    const entry = this.#entries[low];
    // Another postcode's entry is farther off than there are places.
    return entry === undefined ? null : (this.#places[entry - wanted] ?? null);
  }
}

const numberOf = (normal: string): number => parseInt(normal, 36);

interface Columns {
  readonly postcode: number;
  readonly terminated: number;
  readonly district: number;
  readonly ward: number;
}

function findColumns(header: readonly string[], name: string): Columns {
  const names = header.map((column) => column.trim().toLowerCase());
  const find = (column: keyof typeof COLUMNS): number => {
    for (const alias of COLUMNS[column]) {
      const at = names.findIndex((text) => alias.test(text));
      if (at >= 0) return at;
    }
    throw new ReferenceDataError(
      'MISSING_COLUMN',
      `${name} line 1`,
      `Give a column for the ${column}, named as the ONS Postcode Directory does (${COLUMNS[column].map(({ source }) => source.replace(/[$^]/g, '')).join(', ')}).`,
    );
  };
  return { postcode: find('postcode'), terminated: find('terminated'), district: find('district'), ward: find('ward') };
}

/** Grows while the file streams; sorted once at the end. */
class Entries {
  #numbers = new Float64Array(1024);
  #count = 0;
  #skipped = 0;
  readonly #places: PostcodePlace[] = [];
  readonly #placeNumbers = new Map<string, number>();

  constructor(readonly name: string) {}

  add(row: readonly string[], columns: Columns): void {
    const postcode = normalPostcode(row[columns.postcode] ?? '');
    const district = (row[columns.district] ?? '').trim();
    if (postcode === null || (row[columns.terminated] ?? '').trim() !== '' || MISSING_DISTRICT.test(district)) {
      this.#skipped += 1;
      return;
    }
    const ward = (row[columns.ward] ?? '').trim();
    if (this.#count === this.#numbers.length) {
      const larger = new Float64Array(this.#numbers.length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#count] = numberOf(postcode) * PLACES + this.#placeNumber(district, MISSING_DISTRICT.test(ward) ? null : ward);
    this.#count += 1;
  }

  finish<T>(make: (entries: Float64Array, places: readonly PostcodePlace[], skipped: number) => T): T {
    if (this.#count === 0) throw new ReferenceDataError('NO_POSTCODES', this.name, 'Give a file with at least one live postcode of a district.');
    const sorted = this.#numbers.slice(0, this.#count).sort();
    let kept = 0;
    for (const entry of sorted) {
      const last = sorted[kept - 1];
      if (last === entry) continue;
      if (last !== undefined && Math.floor(last / PLACES) === Math.floor(entry / PLACES)) {
        throw new ReferenceDataError('DUPLICATE', this.name, 'Give each live postcode one place.');
      }
      sorted[kept] = entry;
      kept += 1;
    }
    return make(sorted.slice(0, kept), this.#places, this.#skipped);
  }

  #placeNumber(district: string, ward: string | null): number {
    const key = `${district} ${ward ?? ''}`;
    const known = this.#placeNumbers.get(key);
    if (known !== undefined) return known;
    const next = this.#places.length;
    if (next === PLACES) throw new ReferenceDataError('TOO_MANY_WARDS', this.name, `Give a file of at most ${PLACES} wards.`);
    this.#places.push({ district, ward });
    this.#placeNumbers.set(key, next);
    return next;
  }
}
