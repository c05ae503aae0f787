import { checkRuleSet } from './rules.js';
import { RULES_2026_3 } from './rules-2026-3.js';

const POSITIVE = 'Our own working rule: what nobody tells is not taken for told, and the figure says that its evidence is insufficient.';

/**
 * Fourth rule set: three guesses of those before it are made no more, about hours that nobody told, an age that what is told
 * leaves open, and a first month's pay that was for a day or two less.
 */
export const RULES_2026_4 = checkRuleSet({
  ...RULES_2026_3,
  version: '2026.4',
  hoursUntold: {
    value: 'not-known',
    meaning:
      'A start tells of a job’s hours from its first day, a sustain record from its own day, a payment of the time that it pays for. Of a day before the first such record, or that is paid for without hours, their source tells nothing.',
    citation: POSITIVE,
    verified: false,
  },
  payPeriods: {
    days: { W1: 7, W2: 14, W4: 28, M1: 31, M3: 92, M6: 184, MA: 366 },
    meaning:
      'Most days of a pay period: what is paid sooner after the start of a job may be for less than a whole one, so pay is not compared with it. What is paid at no regular time is for no such period.',
    citation: 'The calendar; that a payment is for the time up to its day is our own working rule.',
    verified: false,
  },
  uncertainAge: {
    value: 'all-possible',
    meaning:
      'Where only the month or the year of a birth is told, or nothing, pay is enough where it is at the highest wage of the ages that leaves possible; where it is at the lowest only, evidence is insufficient.',
    citation: POSITIVE,
    verified: false,
  },
});
