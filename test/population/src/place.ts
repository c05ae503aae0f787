import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';

/** A postcode people can live at. */
export interface Home {
  readonly postcode: string;
  readonly district: string;
  readonly ward: string;
}

export interface College {
  /** Eight digits from 10000000. */
  readonly ukprn: string;
}

export interface Employer {
  readonly name: string;
  /** HMRC `employerPayeRef`. */
  readonly payeRef: string;
  /** ILR `EmpId`, nine digits. */
  readonly empId: string;
}

/** Everything of the fictional place that is not a person. */
export interface Place {
  readonly homes: readonly Home[];
  readonly colleges: readonly College[];
  readonly employers: readonly Employer[];
  /** Council names of the RTOF specification by district; only there is the refugee programme run. */
  readonly councils: ReadonlyMap<string, string>;
}

const DATA = new URL('../../../libs/reference-data/data/', import.meta.url);
const COLLEGES = 6;
const EMPLOYERS = 240;

const TRADES = ['Bakery', 'Joinery', 'Logistics', 'Care Homes', 'Textiles', 'Catering', 'Cleaning', 'Plastics', 'Nurseries', 'Garages'];
const HOUSES = ['Alder', 'Bramley', 'Clough', 'Dene', 'Elm', 'Fell', 'Garth', 'Holm', 'Ings', 'Knoll', 'Lea', 'Moss'];

const rows = (file: URL): Record<string, string>[] =>
  parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });

/**
 * The place that the reference data's fictional postcode file spans: every home is one of its postcodes in use.
 * @param postcodeFile CSV in ONSPD columns.
 */
export function loadPlace(postcodeFile: URL = new URL('postcodes.fictional.csv', DATA)): Place {
  const homes = rows(postcodeFile)
    .filter((row) => (row['doterm'] ?? '') === '' && (row['oslaua'] ?? '') !== '')
    .map((row) => ({ postcode: row['pcds'] ?? '', district: row['oslaua'] ?? '', ward: row['osward'] ?? '' }));
  const lived = new Set(homes.map((home) => home.district));
  const councils = new Map(
    rows(new URL('rtof-dispersal-areas.csv', DATA))
      .filter((row) => lived.has(row['district'] ?? ''))
      .map((row) => [row['district'] ?? '', row['area'] ?? ''] as const),
  );
  return {
    homes,
    councils,
    colleges: Array.from({ length: COLLEGES }, (_, index) => ({ ukprn: String(10_990_001 + index * 111) })),
    employers: Array.from({ length: EMPLOYERS }, (_, index) => ({
      name: `${HOUSES[index % HOUSES.length] ?? ''} ${TRADES[Math.floor(index / HOUSES.length) % TRADES.length] ?? ''} ${index + 1}`,
      payeRef: `Z${String(index % 90).padStart(2, '0')}E${String(10_000 + index * 37)}`,
      empId: String(910_000_000 + index * 4_321),
    })),
  };
}

/** The college of a district; one in five learners goes to the next one. */
export const collegeOf = (place: Place, district: string, away: boolean): College => {
  const number = [...district].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) + (away ? 1 : 0);
  const college = place.colleges[number % place.colleges.length];
  if (college === undefined) throw new RangeError('the place has no college');
  return college;
};

/** ODS code of one of a district's two practices, of a form no organisation has. */
export const practiceOf = (district: string, second: boolean): string => `Z${district.slice(1, 3)}${district.slice(-3)}${second ? 2 : 1}`;
