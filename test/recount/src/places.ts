import { readFileSync } from 'node:fs';

import { parse } from 'csv-parse/sync';

import { postcodeForm } from './identifiers.js';

const DATA = new URL('../../../libs/reference-data/data/', import.meta.url);

const rows = (file: URL): Record<string, string>[] =>
  parse(readFileSync(file), { columns: true, bom: true, skip_empty_lines: true });

/** Reference data, read here from its files. */
export interface Places {
  /** District of a postcode in use; null: not known. */
  readonly districtOf: (postcode: string | null) => string | null;
  /** District of a council as the RTOF specification names it; undefined: no such council. */
  readonly councilDistrict: (name: string) => string | undefined;
  /** Names of the authorities a district is in, combined ones first. */
  readonly authoritiesOf: (district: string) => readonly string[];
}

export function loadPlaces(postcodeFile: URL = new URL('postcodes.fictional.csv', DATA)): Places {
  const districts = new Map<string, string>();
  for (const row of rows(postcodeFile)) {
    const [code, district] = [postcodeForm(row['pcds'] ?? ''), row['oslaua'] ?? ''];
    if (code !== null && district !== '' && (row['doterm'] ?? '') === '') districts.set(code, district);
  }
  const councils = new Map(rows(new URL('rtof-dispersal-areas.csv', DATA)).map((row) => [row['area'] ?? '', row['district'] ?? '']));
  const authorities = new Map(rows(new URL('authorities.csv', DATA)).map((row) => [row['id'] ?? '', row['name'] ?? '']));
  const members = new Map<string, string[]>();
  for (const row of rows(new URL('authority-members.csv', DATA))) {
    if ((row['to'] ?? '') !== '') continue;
    const district = row['district'] ?? '';
    members.set(district, [...(members.get(district) ?? []), row['authority'] ?? '']);
  }
  return {
    districtOf: (postcode) => {
      const code = postcode === null ? null : postcodeForm(postcode);
      return code === null ? null : (districts.get(code) ?? null);
    },
    councilDistrict: (name) => councils.get(name),
    authoritiesOf: (district) => (members.get(district) ?? []).sort().reverse().map((id) => authorities.get(id) ?? id),
  };
}
