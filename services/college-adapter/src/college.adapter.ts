import { declareFeed } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { ILR_FIELDS } from './ilr-fields.js';
import { readIlr } from './partner-file.js';
import { ilrToEvents } from './to-events.js';

/** Colleges and training providers: the Individualised Learner Record, XML, of any year. */
export const COLLEGE_ADAPTER: AdapterDeclaration = {
  name: 'college',
  title: 'Colleges and training providers',
  feeds: [
    declareFeed({
      id: 'ilr',
      title: 'Individualised Learner Record (ILR), one provider and teaching year a file',
      system: 'ilr',
      formats: [{ format: 'xml', mediaTypes: ['application/xml', 'text/xml'] }],
      parameters: { asOf: 'not-used', fullExtract: 'not-used', programme: 'optional' },
      identifiers: [
        { kind: 'ULN', field: 'Learner/ULN and LearnerDestinationandProgression/ULN', policy: 'quarantine' },
        { kind: 'NINO', field: 'Learner/NINumber', policy: 'quarantine' },
        { kind: 'NAME_DOB_POSTCODE', field: 'Learner/FamilyName, GivenNames, DateOfBirth, Postcode and PostcodePrior', policy: 'quarantine' },
      ],
      events: ['SubjectIdentified', 'CircumstancesReported', 'JobStarted', 'JobSustained', 'JobEnded', 'LearningStatusChanged'],
      fields: ILR_FIELDS,
      evidence: 'SELF_REPORTED',
      read: readIlr,
      toEvents: ilrToEvents,
    }),
  ],
};
