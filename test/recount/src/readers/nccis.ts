import { dayNumber, dayText, given, optionalDate, Refused, requiredDate } from '../days.js';
import { identified } from '../identifiers.js';
import type { Places } from '../places.js';
import { factName, fatesOf, SectionBuilder } from '../told.js';
import type { Body, Clock, Reading, Section, Status, ToldFact } from '../told.js';
import { birth, circumstances } from './circumstances.js';
import { csvRows } from './csv-rows.js';

type Row = Readonly<Record<string, string>>;

const COLUMNS = ['PupilMatchingRefAnonymous', 'AcadYr', 'MonthNo', 'Current_Activity_Code', 'Current_Activity_Start_Date', 'Current_Activity_Verification_Date'].map((name) => `NCCIS_${name}`);
const [REFERENCE = '', YEAR = '', MONTH = '', CODE = '', START = '', VERIFIED = ''] = COLUMNS;

const EMPLOYED = ['310', '320', '330', '340', '350', '360'];
const SELF_EMPLOYED = ['380', '381'];
const LEARNING = ['210', '220', '230', '240'];
const AVAILABLE = ['610', '615', '616', '619'];
const NOT_AVAILABLE = ['620', '630', '640', '650', '660', '670', '680'];
const NOT_TOLD =
  '110 120 130 140 150 250 260 270 280 290 410 430 440 450 460 530 540 550 710 720 810 820 830'.split(' ');
const CODES = [EMPLOYED, SELF_EMPLOYED, LEARNING, AVAILABLE, NOT_AVAILABLE, NOT_TOLD].flat();

/** What a council calls the columns that say who somebody is, where its extract has any. */
export type NccisColumns = Readonly<Partial<Record<'nhsNumber' | 'nino' | 'uln' | 'surname' | 'firstName' | 'dateOfBirth' | 'postcode', string>>>;

/** First day of the month and of the next. */
function monthOf(row: Row): readonly [first: number, next: number] {
  const [, first = '', second = ''] = /^(\d{4})[/-](\d{2}|\d{4})$/.exec(given(row[YEAR]) ?? '') ?? [];
  const number = given(row[MONTH]) ?? '';
  const [begins, month] = [Number(first), Number(number)];
  if (!String(begins + 1).endsWith(second) || second === '' || begins < 1900 || begins > 2098) throw new Refused();
  if (!/^\d{1,2}$/.test(number) || month < 1 || month > 12) throw new Refused();
  const year = month < 9 ? begins + 1 : begins;
  return [dayNumber(`${year}-${String(month).padStart(2, '0')}-01`), dayNumber(month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`)];
}

const statusOf = (code: string): Status =>
  EMPLOYED.includes(code) || SELF_EMPLOYED.includes(code) ? 'EMPLOYED' : AVAILABLE.includes(code) ? 'UNEMPLOYED' : NOT_AVAILABLE.includes(code) ? 'INACTIVE' : 'UNKNOWN';

function factsOf(row: Row, columns: NccisColumns, reference: string, code: string, start: string, verified: string | null, places: Places): ToldFact[] {
  const held = (column: string | undefined): string | null => (column === undefined ? null : given(row[column]));
  const [dateOfBirth, postcode] = [optionalDate(held(columns.dateOfBirth)), held(columns.postcode)];
  const key = ['activity', start];
  const about = { key, family: 'activity', coveredOn: start };
  const body: Body = identified({
    nhsNumber: held(columns.nhsNumber), nino: held(columns.nino), uln: held(columns.uln),
    surname: held(columns.surname), firstName: held(columns.firstName), dateOfBirth, postcodes: [postcode],
  });
  const facts: ToldFact[] = [
    { key: ['client'], family: 'client', occurredOn: start, body },
    ...circumstances(key, start, { ...birth(dateOfBirth), district: places.districtOf(postcode), status: statusOf(code) }).map((fact) => ({ ...fact, ...about })),
  ];
  if (LEARNING.includes(code)) facts.push({ ...about, occurredOn: start, body: { type: 'LearningStatusChanged', status: 'STARTED', aim: null, startDate: start } });
  if (!EMPLOYED.includes(code) && !SELF_EMPLOYED.includes(code)) return facts;
  facts.push({
    ...about,
    occurredOn: start,
    body: { type: 'JobStarted', employer: null, hours: null, work: EMPLOYED.includes(code) ? 'EMPLOYED' : 'SELF_EMPLOYED', contract: null, hourlyPence: null },
  });
  if (verified !== null && verified > start) {
    facts.push({ key: [...key, verified], family: 'proof', occurredOn: verified, body: { type: 'JobSustained', job: factName(reference, 'JobStarted', key), hours: null, hourlyPence: null } });
  }
  return facts;
}

/** A month's extract: each row speaks of one person, from the start of the activity to the end of the month. */
export function readNccis(path: string, clock: Clock, places: Places, columns: NccisColumns): Reading {
  const rows = csvRows(path, [...COLUMNS, ...Object.values(columns)]);
  if (rows === null) return { refusedWhole: true };
  const drawn = Math.floor(clock.instant / 86_400_000);
  const seen = new Set<string>();
  let month: number | undefined;
  const sections: Section[] = [];

  const sectionOf = (row: Row, reference: string): Section => {
    if (seen.has(reference)) throw new Refused();
    seen.add(reference);
    const [first, next] = monthOf(row);
    if (first > drawn) throw new Refused();
    month ??= first;
    if (month !== first) throw new Refused();
    const until = Math.min(next - 1, drawn);
    const code = given(row[CODE]) ?? '';
    if (!CODES.includes(code)) throw new Refused();
    const start = requiredDate(row[START]);
    const verified = optionalDate(row[VERIFIED]);
    if (dayNumber(start) > until || (verified !== null && dayNumber(verified) > drawn)) throw new Refused();
    const atWork = EMPLOYED.includes(code) || SELF_EMPLOYED.includes(code);
    const to = dayText(until);
    // Days of proof from the last that a row at work names are not so; where it names none, it leaves them be.
    if (atWork && verified !== null && verified > start && verified <= to) sections.push(new SectionBuilder(reference, clock, { families: ['proof'], within: { from: verified, to } }).build());
    const section = new SectionBuilder(reference, clock, { families: atWork ? ['activity'] : ['activity', 'proof'], within: { from: start, to } });
    section.told(reference, factsOf(row, columns, reference, code, start, verified, places));
    return section.build();
  };

  for (const row of rows) {
    const reference = given(row[REFERENCE]);
    try {
      if (reference === null) throw new Refused();
      sections.push(sectionOf(row, reference));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const silent = new SectionBuilder(reference ?? '', clock, null);
      silent.refuse(reference);
      sections.push(silent.build());
    }
  }
  return { refusedWhole: false, sections, fates: fatesOf(sections) };
}
