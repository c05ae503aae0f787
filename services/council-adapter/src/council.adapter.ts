import { declareFeed } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { PLAIN_LAYOUT } from './nccis/extract-layout.js';
import type { ExtractLayout } from './nccis/extract-layout.js';
import { EXTRACT_COLUMNS } from './nccis/nccis-columns.js';
import { NCCIS_FIELDS, NCCIS_IDENTIFIERS } from './nccis/nccis-fields.js';
import { readNccis } from './nccis/partner-file.js';
import { nccisToEvents } from './nccis/to-events.js';
import { readRtof } from './rtof/partner-file.js';
import { COLUMNS, PARTS } from './rtof/rtof-columns.js';
import { RTOF_FIELDS } from './rtof/rtof-fields.js';
import { rtofToEvents } from './rtof/to-events.js';

export { parseLayout } from './nccis/extract-layout.js';
export type { ExtractLayout } from './nccis/extract-layout.js';

/**
 * Councils: the four CSV files of the Refugee Transitions Outcomes Fund's specification that tell of work, and the monthly
 * extract of what young people do.
 * @param layout further columns of this council's extract. Where it names none, nobody in the extract can be linked.
 */
export const councilAdapter = (layout: ExtractLayout): AdapterDeclaration => ({
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
    declareFeed({
      id: 'nccis',
      title: 'National Client Caseload Information System (NCCIS): a month’s extract of what young people do',
      system: 'nccis',
      formats: [{ format: 'csv', mediaTypes: ['text/csv'] }],
      parameters: { asOf: 'required', fullExtract: 'not-used', programme: 'optional' },
      columns: [{ part: null, required: EXTRACT_COLUMNS, optional: [] }],
      identifiers: NCCIS_IDENTIFIERS,
      events: ['SubjectIdentified', 'CircumstancesReported', 'JobStarted', 'JobSustained', 'LearningStatusChanged'],
      fields: NCCIS_FIELDS,
      evidence: 'CASE_RECORD',
      read: readNccis(layout),
      toEvents: nccisToEvents,
    }),
  ],
});

/** Of a council whose extract has no further columns. */
export const COUNCIL_ADAPTER: AdapterDeclaration = councilAdapter(PLAIN_LAYOUT);
