import { DATA_FOLDER, optionalDate, readRows } from './data-file.js';
import { ReferenceDataError } from './reference-data-error.js';

const DISTRICT_KINDS = [
  'unitary',
  'non-metropolitan',
  'metropolitan',
  'london-borough',
  'welsh',
  'scottish',
  'northern-irish',
] as const;
export type DistrictKind = (typeof DISTRICT_KINDS)[number];

/** A local authority district: the finest area that figures are kept by. */
export interface District {
  /** GSS code. */
  readonly code: string;
  readonly name: string;
  readonly kind: DistrictKind;
  /** GSS code of its county, for districts of a county. */
  readonly county: string | null;
  /** First ISO day on which it was no more; null: it stands, or only its code has changed. */
  readonly ended: string | null;
  /** The district that holds its area since then, or its new code. */
  readonly successor: string | null;
}

const AUTHORITY_KINDS = ['combined-authority', 'county', 'unitary', 'connect-to-work'] as const;
export type AuthorityKind = (typeof AUTHORITY_KINDS)[number];

/** A district as part of an authority for a time. */
export interface Member {
  readonly district: string;
  /** First ISO day; null: as far back as the data go (most sources say who is a member, not since when). */
  readonly from: string | null;
  /** First ISO day that it is a member no more; null: still. */
  readonly to: string | null;
}

/** A body that receives figures of its districts. */
export interface Authority {
  /** GSS code, or a name of ours beginning `ctw-` for a Connect to Work cluster that has none. */
  readonly id: string;
  readonly name: string;
  readonly kind: AuthorityKind;
  /** GSS code of the body that answers for it; null: not known. */
  readonly accountableBody: string | null;
  readonly members: readonly Member[];
  readonly source: string;
  /** Whether the source was read for authority and members alike. */
  readonly verified: boolean;
}

/** A Connect to Work delivery area and the authority that its figures go to. */
export interface ConnectToWorkArea {
  readonly area: string;
  /** Id of an {@link Authority}. */
  readonly authority: string;
  readonly accountableBody: string | null;
  readonly source: string;
  readonly verified: boolean;
}

const inForce = ({ from, to }: { from: string | null; to: string | null }, date: string): boolean =>
  (from === null || from <= date) && (to === null || date < to);

/** Districts, the authorities they belong to and when. Dates are ISO days (`YYYY-MM-DD`) throughout. */
export class Geography {
  readonly districts: ReadonlyMap<string, District>;
  readonly authorities: ReadonlyMap<string, Authority>;
  readonly connectToWorkAreas: readonly ConnectToWorkArea[];
  readonly #memberships = new Map<string, { readonly authority: Authority; readonly member: Member }[]>();
  readonly #dispersalAreas: ReadonlyMap<string, readonly Member[]>;

  /**
   * @param folder holds districts.csv, authorities.csv, authority-members.csv, connect-to-work-areas.csv and
   *   rtof-dispersal-areas.csv; without it the package's own.
   * @throws ReferenceDataError where a file cannot be read or its codes do not meet.
   */
  static load(folder: string = DATA_FOLDER): Geography {
    const districts = readDistricts(folder);
    const authorities = readAuthorities(folder, districts);
    return new Geography(districts, authorities, readConnectToWorkAreas(folder, authorities), readDispersalAreas(folder, districts));
  }

  private constructor(
    districts: ReadonlyMap<string, District>,
    authorities: ReadonlyMap<string, Authority>,
    areas: readonly ConnectToWorkArea[],
    dispersalAreas: ReadonlyMap<string, readonly Member[]>,
  ) {
    this.districts = districts;
    this.authorities = authorities;
    this.connectToWorkAreas = areas;
    this.#dispersalAreas = dispersalAreas;
    for (const authority of authorities.values()) {
      for (const member of authority.members) {
        const known = this.#memberships.get(member.district);
        if (known === undefined) this.#memberships.set(member.district, [{ authority, member }]);
        else known.push({ authority, member });
      }
    }
  }

  /** Name of a district, also of one that has ended; null: no such code. */
  districtName(code: string): string | null {
    return this.districts.get(code)?.name ?? null;
  }

  /** The code that stood for a district's area on a date: its own, or that of its successor once it had ended. */
  districtAt(code: string, date: string): string {
    const district = this.districts.get(code);
    if (district === undefined || district.successor === null || (district.ended !== null && date < district.ended)) return code;
    return this.districtAt(district.successor, date);
  }

  /**
   * Authorities that a district belongs to on a date, by kind (combined authority, county, unitary, Connect to Work) and
   * then id; a combined authority and a county often hold the same district. None for an unknown code.
   * A district that has ended by then counts as its successor.
   */
  authoritiesOf(district: string, date: string): Authority[] {
    const memberships = this.#memberships.get(this.districtAt(district, date)) ?? [];
    return memberships.filter(({ member }) => inForce(member, date)).map(({ authority }) => authority);
  }

  /** Names that RTOF files use for a dispersal area. */
  get dispersalAreas(): string[] {
    return [...this.#dispersalAreas.keys()];
  }

  /** GSS codes of the districts that a name of {@link dispersalAreas} stands or stood for; none for another name. */
  districtsOfDispersalArea(area: string): string[] {
    return [...new Set((this.#dispersalAreas.get(area) ?? []).map(({ district }) => district))];
  }

  /** District of an RTOF dispersal area (a council's name, in any case) on a date; null: not one of theirs. */
  districtOfDispersalArea(area: string, date: string): string | null {
    const wanted = spokenName(area);
    for (const [name, periods] of this.#dispersalAreas) {
      if (spokenName(name) === wanted) return periods.find((period) => inForce(period, date))?.district ?? null;
    }
    return null;
  }
}

const spokenName = (text: string): string => text.trim().replace(/\s+/gu, ' ').toLowerCase();

function readDistricts(folder: string): Map<string, District> {
  const file = 'districts.csv';
  const districts = new Map<string, District>();
  const rows = readRows(folder, file, ['code', 'name', 'kind', 'county', 'ended', 'successor']);
  for (const { line, code, name, kind, county, ended, successor } of rows) {
    const place = `${file} line ${line}`;
    if (districts.has(code)) throw new ReferenceDataError('DUPLICATE', place, 'Give each district one row.');
    districts.set(code, {
      code,
      name,
      kind: oneOf(DISTRICT_KINDS, kind, place),
      county: county === '' ? null : county,
      ended: optionalDate(ended, place),
      successor: successor === '' ? null : successor,
    });
  }
  for (const { line, code } of rows) {
    const seen = new Set([code]);
    for (let next = districts.get(code)?.successor ?? null; next !== null; next = districts.get(next)?.successor ?? null) {
      if (!districts.has(next)) throw new ReferenceDataError('UNKNOWN_CODE', `${file} line ${line}`, 'Name a successor that has a row of its own.');
      if (seen.has(next)) throw new ReferenceDataError('BAD_VALUE', `${file} line ${line}`, 'Successors must not lead back to the district.');
      seen.add(next);
    }
  }
  return districts;
}

function readAuthorities(folder: string, districts: ReadonlyMap<string, District>): Map<string, Authority> {
  const members = new Map<string, Member[]>();
  const membersFile = 'authority-members.csv';
  const memberRows = readRows(folder, membersFile, ['authority', 'district', 'from', 'to']);
  for (const { line, authority, district, from, to } of memberRows) {
    const place = `${membersFile} line ${line}`;
    if (!districts.has(district)) throw new ReferenceDataError('UNKNOWN_CODE', place, 'Name a district of districts.csv.');
    const member = { district, from: optionalDate(from, place), to: optionalDate(to, place) };
    if (member.from !== null && member.to !== null && member.from >= member.to) {
      throw new ReferenceDataError('BAD_DATE', place, 'A membership ends after it begins.');
    }
    const known = members.get(authority);
    if (known?.some((other) => other.district === district && overlap(other, member))) {
      throw new ReferenceDataError('DUPLICATE', place, 'Periods of one membership must not overlap.');
    }
    if (known === undefined) members.set(authority, [member]);
    else known.push(member);
  }
  const file = 'authorities.csv';
  const read = readRows(folder, file, ['id', 'name', 'kind', 'accountable_body', 'source', 'verified']).map((row): Authority => {
    const place = `${file} line ${row.line}`;
    const own = members.get(row.id);
    if (own === undefined) throw new ReferenceDataError('UNKNOWN_CODE', place, `Give the authority members in ${membersFile}, once.`);
    members.delete(row.id);
    return {
      id: row.id,
      name: row.name,
      kind: oneOf(AUTHORITY_KINDS, row.kind, place),
      accountableBody: row.accountable_body === '' ? null : row.accountable_body,
      members: own,
      source: row.source,
      verified: flag(row.verified, place),
    };
  });
  const [orphan] = members.keys();
  if (orphan !== undefined) throw new ReferenceDataError('UNKNOWN_CODE', membersFile, `Give ${orphan} a row in ${file}.`);
  // The order in which authoritiesOf names them.
  read.sort((left, right) => AUTHORITY_KINDS.indexOf(left.kind) - AUTHORITY_KINDS.indexOf(right.kind) || (left.id < right.id ? -1 : 1));
  return new Map(read.map((authority) => [authority.id, authority]));
}

const overlap = (left: Member, right: Member): boolean =>
  (left.to === null || right.from === null || right.from < left.to) && (right.to === null || left.from === null || left.from < right.to);

function readConnectToWorkAreas(folder: string, authorities: ReadonlyMap<string, Authority>): ConnectToWorkArea[] {
  const file = 'connect-to-work-areas.csv';
  return readRows(folder, file, ['area', 'authority', 'accountable_body', 'source', 'verified']).map((row) => {
    const place = `${file} line ${row.line}`;
    if (!authorities.has(row.authority)) throw new ReferenceDataError('UNKNOWN_CODE', place, 'Name an authority of authorities.csv.');
    const accountableBody = row.accountable_body === '' ? null : row.accountable_body;
    return { area: row.area, authority: row.authority, accountableBody, source: row.source, verified: flag(row.verified, place) };
  });
}

function readDispersalAreas(folder: string, districts: ReadonlyMap<string, District>): Map<string, Member[]> {
  const file = 'rtof-dispersal-areas.csv';
  const areas = new Map<string, Member[]>();
  for (const { line, area, district, from, to } of readRows(folder, file, ['area', 'district', 'from', 'to'])) {
    const place = `${file} line ${line}`;
    if (!districts.has(district)) throw new ReferenceDataError('UNKNOWN_CODE', place, 'Name a district of districts.csv.');
    areas.set(area, [...(areas.get(area) ?? []), { district, from: optionalDate(from, place), to: optionalDate(to, place) }]);
  }
  return areas;
}

function oneOf<T extends string>(known: readonly T[], text: string, place: string): T {
  const found = known.find((value) => value === text);
  if (found === undefined) throw new ReferenceDataError('BAD_VALUE', place, `Use one of ${known.join(', ')}.`);
  return found;
}

function flag(text: string, place: string): boolean {
  return oneOf(['true', 'false'], text, place) === 'true';
}
