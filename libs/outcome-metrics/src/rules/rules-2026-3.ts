import { checkRuleSet } from './rules.js';
import { RULES_2026_2 } from './rules-2026-2.js';

const { minimumWage, realLivingWage } = RULES_2026_2;

/**
 * Third rule set: wages back to the first National Living Wage, pay that no wage measures told apart from pay that falls short,
 * a place for NCCIS among the sources, and no table called verified that was not read where it is published.
 */
export const RULES_2026_3 = checkRuleSet({
  ...RULES_2026_2,
  version: '2026.3',
  metrics: RULES_2026_2.metrics.flatMap((id) => (id === 'earnings_outcome' ? [id, 'earnings_outcome_evidence_insufficient'] : [id])),
  sources: {
    ...RULES_2026_2.sources,
    order: ['hmrc-rti', 'dwp-citizen', 'rtof', 'ilr', 'nccis', 'bars', 'nhs-csv'],
    meaning:
      'Which source is heard where several state the same start: payroll and benefit records before case records, case records before referrals. NCCIS is the last of the case records: a council mostly asks young people what they do, where the others keep what they did with them. It is heard before referrals, which tell of such things in passing.',
  },
  minimumWage: {
    rates: [
      { from: '2016-04-01', byAge: [{ from: 0, pence: 387 }, { from: 18, pence: 530 }, { from: 21, pence: 670 }, { from: 25, pence: 720 }] },
      { from: '2016-10-01', byAge: [{ from: 0, pence: 400 }, { from: 18, pence: 555 }, { from: 21, pence: 695 }, { from: 25, pence: 720 }] },
      { from: '2017-04-01', byAge: [{ from: 0, pence: 405 }, { from: 18, pence: 560 }, { from: 21, pence: 705 }, { from: 25, pence: 750 }] },
      { from: '2018-04-01', byAge: [{ from: 0, pence: 420 }, { from: 18, pence: 590 }, { from: 21, pence: 738 }, { from: 25, pence: 783 }] },
      { from: '2019-04-01', byAge: [{ from: 0, pence: 435 }, { from: 18, pence: 615 }, { from: 21, pence: 770 }, { from: 25, pence: 821 }] },
      { from: '2020-04-01', byAge: [{ from: 0, pence: 455 }, { from: 18, pence: 645 }, { from: 21, pence: 820 }, { from: 25, pence: 872 }] },
      { from: '2021-04-01', byAge: [{ from: 0, pence: 462 }, { from: 18, pence: 656 }, { from: 21, pence: 836 }, { from: 23, pence: 891 }] },
      { from: '2022-04-01', byAge: [{ from: 0, pence: 481 }, { from: 18, pence: 683 }, { from: 21, pence: 918 }, { from: 23, pence: 950 }] },
      { from: '2023-04-01', byAge: [{ from: 0, pence: 528 }, { from: 18, pence: 749 }, { from: 21, pence: 1_018 }, { from: 23, pence: 1_042 }] },
      ...(minimumWage?.rates ?? []),
    ],
    meaning:
      'Hourly rates, in pence, by age on the rate’s day; the oldest age’s is the National Living Wage, or adult rate. Nobody’s data tells who is an apprentice, so nobody is held to that rate. An age that nobody tells is held to the adult rate. A day before the first rate has none: pay measured by such a day is neither enough nor too little, and is told as evidence insufficient.',
    citation: 'GOV.UK, National Minimum Wage and National Living Wage rates, as other sites repeat them.',
    verified: false,
  },
  realLivingWage: {
    ...realLivingWage,
    meaning: `${realLivingWage?.meaning ?? ''} A job that started before the first rate is not counted, whatever it paid.`,
    verified: false,
  },
});
