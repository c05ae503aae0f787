import { codeOf, isCode } from '../codes.js';
import { given, optionalDate, Refused, requiredDate } from '../days.js';
import { identified } from '../identifiers.js';
import type { SentFile } from '../manifest.js';
import type { Places } from '../places.js';
import { fatesOf, SectionBuilder } from '../told.js';
import type { Clock, Reading, ToldFact } from '../told.js';
import { birth, circumstances } from './circumstances.js';
import { csvRows } from './csv-rows.js';

const COLUMNS = ['row_reference', 'event', 'date', 'nhs_number', 'first_name', 'last_name', 'date_of_birth', 'postcode', 'from_ods', 'to_service', 'programme', 'status'];
const PROGRAMMES = ['workwell', 'connect-to-work', 'restart', 'work-and-health', 'youth-guarantee', 'local'];
const STATUSES = {
  referral: ['active', 'completed', 'revoked', 'on-hold', 'draft', 'entered-in-error'],
  support_start: ['active', 'completed', 'entered-in-error'],
} as const;
const TYPES = { referral: 'ReferralMade', support_start: 'SupportStarted' } as const;

type Event = keyof typeof STATUSES;

export function readNhsCsv(path: string, sent: SentFile, clock: Clock, places: Places): Reading {
  const rows = csvRows(path, COLUMNS);
  if (rows === null) return { refusedWhole: true };
  const section = new SectionBuilder('nhs-csv', clock, sent.fullExtract ? { families: null, within: null } : null);
  const seen = new Set<string>();
  for (const row of rows) {
    const column = (name: string): string | null => given(row[name]);
    const [number, from, event] = [column('row_reference'), column('from_ods'), column('event')];
    const sender = from?.toUpperCase() ?? '';
    if (number === null || !isCode('organisation', sender)) {
      section.refuse(null);
      continue;
    }
    const reference = `${sender}|${number}`;
    try {
      if (event !== 'referral' && event !== 'support_start') throw new Refused();
      if (seen.has(`${reference} ${event}`)) throw new Refused();
      seen.add(`${reference} ${event}`);
      tellRow(section, reference, number, event, column, places);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      section.refuse(reference);
    }
  }
  const sections = [section.build()];
  return { refusedWhole: false, sections, fates: fatesOf(sections) };
}

function tellRow(section: SectionBuilder, reference: string, number: string, event: Event, column: (name: string) => string | null, places: Places): void {
  const date = requiredDate(column('date'));
  const dateOfBirth = optionalDate(column('date_of_birth'));
  const status = (column('status') ?? 'active').toLowerCase();
  if (!(STATUSES[event] as readonly string[]).includes(status)) throw new Refused();
  const programme = column('programme');
  if (programme !== null && !PROGRAMMES.includes(programme)) throw new Refused();
  const key = [number, event];
  if (status === 'entered-in-error') {
    section.told(reference, [], [
      { type: TYPES[event], key },
      { type: 'CircumstancesReported', key },
      { type: 'SubjectIdentified', key: [event] },
    ]);
    return;
  }
  codeOf('service', column('to_service'));
  const counted: ToldFact =
    event === 'referral'
      ? { key, occurredOn: date, programme, body: { type: 'ReferralMade', status: status.toUpperCase() } }
      : { key, occurredOn: date, programme, body: { type: 'SupportStarted' } };
  section.told(reference, [
    {
      key: [event],
      occurredOn: date,
      body: identified({
        nhsNumber: column('nhs_number'),
        surname: column('last_name'),
        firstName: column('first_name'),
        dateOfBirth,
        postcodes: [column('postcode')],
      }),
    },
    counted,
    ...circumstances(key, date, { ...birth(dateOfBirth), district: places.districtOf(column('postcode')) }).map((fact) => ({ ...fact, programme })),
  ]);
}
