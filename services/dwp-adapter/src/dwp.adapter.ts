import { declareFeed } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { readCitizens } from './citizen/partner-file.js';
import { citizenToEvents } from './citizen/to-events.js';
import { CITIZEN_FIELDS, RTI_FIELDS } from './dwp-fields.js';
import { readRti } from './rti/partner-file.js';
import { rtiToEvents } from './rti/to-events.js';

const FORMATS = [
  { format: 'json', mediaTypes: ['application/json'] },
  { format: 'ndjson', mediaTypes: ['application/x-ndjson'] },
] as const;
const PARAMETERS = { asOf: 'not-used', fullExtract: 'not-used', programme: 'optional' } as const;

/** Department for Work and Pensions: benefit claims (Citizen API v2), and HMRC's earnings that DWP receives. */
export const DWP_ADAPTER: AdapterDeclaration = {
  name: 'dwp',
  title: 'Department for Work and Pensions',
  feeds: [
    declareFeed({
      id: 'dwp-citizen',
      title: 'Benefit claims: an envelope around Citizen API v2 documents of one person',
      system: 'dwp-citizen',
      formats: FORMATS,
      parameters: PARAMETERS,
      identifiers: [
        { kind: 'NINO', field: 'citizen.data.attributes.nino', policy: 'refuse' },
        { kind: 'NAME_DOB_POSTCODE', field: 'citizen name and dateOfBirth, match postcode', policy: 'quarantine' },
      ],
      events: ['SubjectIdentified', 'CircumstancesReported', 'BenefitClaimChanged'],
      fields: CITIZEN_FIELDS,
      evidence: 'BENEFIT_RECORD',
      read: readCitizens,
      toEvents: citizenToEvents,
    }),
    declareFeed({
      id: 'hmrc-rti',
      title: 'Earnings: an envelope around a Real Time Information request and its response',
      system: 'hmrc-rti',
      formats: FORMATS,
      parameters: PARAMETERS,
      identifiers: [{ kind: 'NINO', field: 'request.nino', policy: 'refuse' }],
      events: ['SubjectIdentified', 'JobStarted', 'JobSustained', 'JobEnded', 'EarningsReported'],
      fields: RTI_FIELDS,
      evidence: 'PAYROLL',
      read: readRti,
      toEvents: rtiToEvents,
    }),
  ],
};
