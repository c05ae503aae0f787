import type { SubmissionRequest } from '@throughline/adapter-kit';

/** What every swept submission is sent as. */
export const SUBMITTED: SubmissionRequest = { feed: 'rtof', part: 'person', mediaType: 'text/csv', asOf: '2026-02-01T00:00:00Z', programme: undefined, fullExtract: undefined };

/** A name that is looked for when the sender has its answer. */
export const ANSWERED = 'answered';

const HEAD = 'unique_id,first_name,last_name,year_of_birth,dispersal_area,date_started_service';

/** A council's file of so many people, whose names are so long. */
export const personFile = (people: number, letters: number): string => [HEAD, ...Array.from({ length: people }, (_, at) => `SWEPT-${at},Ana,${'n'.repeat(letters)},1990,Oldham Council,2026-01`)].join('\n');
