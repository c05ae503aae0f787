import { declareFeed } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { BARS_FIELDS } from './bars/bars-fields.js';
import { readBars } from './bars/partner-file.js';
import { barsToEvents } from './bars/to-events.js';
import { NHS_CSV_FIELDS } from './csv/nhs-csv-fields.js';
import { NHS_CSV_COLUMNS, readNhsCsv } from './csv/partner-file.js';
import { rowToEvents } from './csv/to-events.js';

/** NHS services: BaRS referral messages, and a plain CSV for services without BaRS. */
export const NHS_ADAPTER: AdapterDeclaration = {
  name: 'nhs',
  title: 'NHS services',
  feeds: [
    declareFeed({
      id: 'bars',
      title: 'Booking and Referral Standard (BaRS), FHIR R4 referral request messages',
      system: 'bars',
      formats: [
        { format: 'json', mediaTypes: ['application/fhir+json', 'application/json'] },
        { format: 'xml', mediaTypes: ['application/fhir+xml', 'application/xml'] },
        { format: 'ndjson', mediaTypes: ['application/fhir+ndjson', 'application/x-ndjson'] },
      ],
      parameters: { asOf: 'not-used', fullExtract: 'not-used', programme: 'optional' },
      identifiers: [
        { kind: 'NHS_NUMBER', field: 'Patient.identifier', policy: 'quarantine' },
        { kind: 'NAME_DOB_POSTCODE', field: 'Patient.name, birthDate and address.postalCode', policy: 'quarantine' },
      ],
      events: ['SubjectIdentified', 'ReferralMade', 'CircumstancesReported'],
      fields: BARS_FIELDS,
      evidence: 'CASE_RECORD',
      read: readBars,
      toEvents: barsToEvents,
    }),
    declareFeed({
      id: 'nhs-csv',
      title: 'Referrals and support starts as CSV, for services without BaRS',
      system: 'nhs-csv',
      formats: [{ format: 'csv', mediaTypes: ['text/csv'] }],
      parameters: { asOf: 'required', fullExtract: 'optional', programme: 'optional' },
      columns: [{ part: null, required: NHS_CSV_COLUMNS, optional: [] }],
      identifiers: [
        { kind: 'NHS_NUMBER', field: 'nhs_number', policy: 'quarantine' },
        { kind: 'NAME_DOB_POSTCODE', field: 'last_name, first_name, date_of_birth and postcode', policy: 'quarantine' },
      ],
      events: ['SubjectIdentified', 'ReferralMade', 'SupportStarted', 'CircumstancesReported'],
      fields: NHS_CSV_FIELDS,
      evidence: 'CASE_RECORD',
      read: readNhsCsv,
      toEvents: rowToEvents,
    }),
  ],
};
