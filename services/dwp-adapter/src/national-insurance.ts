import { unfit } from '@throughline/adapter-kit';
import { canonicalNino, checkNino } from '@throughline/identity';

/**
 * The NINO as both feeds use it for their subject's reference: upper case, no spaces or hyphens, first eight characters.
 * Absent or failing its check it refuses the record: the feed has no other name for the person.
 */
export const subjectNino = (text: string | null, path: string): string => {
  if (text === null) return unfit('missing-field', path, 'a National Insurance number', `Give ${path}: it says who the document is about.`);
  const nino = checkNino(text) === 'PASSED' ? canonicalNino(text) : null;
  return nino ?? unfit('identifier-check-failed', path, 'two letters, six digits and A to D', 'Ask again with the right National Insurance number.');
};
