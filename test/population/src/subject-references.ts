import { pupilReference } from './council/nccis-view.js';
import type { Life } from './life.js';
import type { Place } from './place.js';
import type { Deployment, Feed } from './submission.js';

/** A person as one source knows them: the reference is what the source's records are read under. */
export interface SubjectReference {
  readonly deployment: Deployment;
  readonly feed: Feed;
  readonly reference: string;
}

/**
 * Every reference under which partners may tell of a life, whether or not any does: the right answer to who is who, since no
 * two lives share one.
 */
export function referencesOf({ person, nino, referral, learning }: Life, { colleges }: Place): SubjectReference[] {
  const stem = nino.slice(0, 8);
  const nhs = (feed: Feed, reference: string): SubjectReference => ({ deployment: 'nhs', feed, reference });
  const college = (ukprn: string, learnRef: string): SubjectReference => ({ deployment: 'college', feed: 'ilr', reference: `${ukprn}/${learnRef}` });
  const referred = referral === null ? [] : [referral];
  return [
    ...referred.flatMap(({ from, caseNumber }) => [
      // The second is of a referral entered for this person by mistake.
      ...[caseNumber, `${caseNumber}X`].map((number) => nhs('bars', `${from}|${number}`)),
      ...['R', 'S', 'E'].map((letter) => nhs('nhs-csv', `${from}|${letter}${caseNumber.slice(1)}`)),
    ]),
    ...new Map(learning.map(({ ukprn, learnRef }) => [ukprn, college(ukprn, learnRef)])).values(),
    // Enrolled by mistake, in one snapshot only.
    ...(learning.length > 0 ? [] : colleges.map(({ ukprn }) => college(ukprn, `M${String(person).padStart(7, '0')}`))),
    { deployment: 'dwp', feed: 'dwp-citizen', reference: stem },
    { deployment: 'dwp', feed: 'hmrc-rti', reference: stem },
    ...[`RT-${String(person).padStart(6, '0')}`, nino].map((reference): SubjectReference => ({ deployment: 'council', feed: 'rtof', reference })),
    { deployment: 'council', feed: 'nccis', reference: pupilReference(person) },
  ];
}
