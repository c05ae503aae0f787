import { declareFeed } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { readRtof } from './partner-file.js';
import { COLUMNS, PARTS } from './rtof-columns.js';
import { RTOF_FIELDS } from './rtof-fields.js';
import { rtofToEvents } from './to-events.js';

/** Councils: the four CSV files of the Refugee Transitions Outcomes Fund's specification that tell of work. */
export const COUNCIL_ADAPTER: AdapterDeclaration = {
  name: 'council',
  title: 'Councils',
  feeds: [
    declareFeed({
      id: 'rtof',
      title: 'Refugee Transitions Outcomes Fund (RTOF) files: person, baseline, employment_entry, employment_sustain',
      system: 'rtof',
      formats: [{ format: 'csv', mediaTypes: ['text/csv'] }],
      parameters: { asOf: 'required', fullExtract: 'optional', programme: 'optional', part: 'required' },
      parts: PARTS,
      columns: PARTS.map((part) => ({ part, ...COLUMNS[part] })),
      identifiers: [{ kind: 'NINO', field: 'baseline: ni_number', policy: 'quarantine' }],
      events: ['SubjectIdentified', 'SupportStarted', 'CircumstancesReported', 'JobStarted', 'JobSustained'],
      fields: RTOF_FIELDS,
      evidence: 'CASE_RECORD',
      read: readRtof,
      toEvents: rtofToEvents,
    }),
  ],
};
