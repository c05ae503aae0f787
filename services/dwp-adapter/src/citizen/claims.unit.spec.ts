import fc from 'fast-check';
import { epochDayToIsoDate } from '@throughline/event-contracts';
import { factsAfter } from '../testing/facts-after.js';

type BenefitType = 'universal_credit' | 'carers_allowance';

interface Told {
  readonly benefitType: BenefitType;
  readonly start: string;
  readonly end: string | null;
}

interface Answer {
  /** Day of June 2026 on which DWP was asked. */
  readonly clock: number;
  readonly from: string;
  readonly to: string;
  readonly benefitTypes: readonly BenefitType[];
  readonly claims: readonly Told[];
}

const envelope = ({ clock, from, to, benefitTypes, claims }: Answer): object => ({
  type: 'throughline.dwp-citizen/1',
  asOf: `2026-06-${String(clock).padStart(2, '0')}T09:00:00Z`,
  request: { benefitTypes, effectiveFromDate: from, effectiveToDate: to },
  citizen: { data: { attributes: { nino: 'JX402917B' } } },
  claims: {
    data: claims.map(({ benefitType, start, end }) => ({
      type: 'Claim',
      attributes: { benefitType, startDate: start, awards: [{ startDate: start, ...(end === null ? {} : { endDate: end, endReason: 'customer_request' }) }] },
    })),
  },
});

const BENEFITS: Readonly<Record<string, BenefitType>> = { UNIVERSAL_CREDIT: 'universal_credit', CARERS_ALLOWANCE: 'carers_allowance' };

/** Claims that stand, and those that stand as ended, as `benefitType start`. */
const claimsAfter = async (answers: readonly Answer[]) => {
  const after = await factsAfter('dwp-citizen', answers.map(envelope));
  const ofKind = (kind: string): readonly string[] =>
    after
      .of('BenefitClaimChanged')
      .filter(({ said }) => said.kind === kind)
      .map(({ said }) => `${BENEFITS[said.benefit] ?? ''} ${epochDayToIsoDate(said.claimStart ?? 0)}`)
      .sort();
  return { facts: after.facts, started: ofKind('STARTED'), ended: ofKind('ENDED') };
};

const SPRING = { from: '2025-03-01', to: '2025-05-31' };
const SUMMER = { from: '2025-06-01', to: '2025-08-31' };

describe('claims', () => {
  it('stand, and stand as ended, as the latest answers that told or could have told them say, in any order of any answers', async () => {
    const types = ['universal_credit', 'carers_allowance'] as const;
    const claim = fc.record({
      benefitType: fc.constantFrom(...types),
      start: fc.constantFrom('2025-03-10', '2025-05-20', '2025-06-02', '2025-08-01'),
      end: fc.constantFrom(null, '2025-09-01', '2025-04-01'),
    });
    const answer = fc
      .record({
        clock: fc.integer({ min: 1, max: 6 }),
        window: fc.constantFrom(SPRING, SUMMER, { from: '2025-05-01', to: '2025-06-30' }),
        benefitTypes: fc.subarray([...types], { minLength: 1 }),
        claims: fc.uniqueArray(claim, { maxLength: 3, selector: ({ benefitType, start }) => `${benefitType} ${start}` }),
      })
      .map(({ window, ...rest }): Answer => ({ ...rest, ...window }));
    const histories = fc.array(answer, { minLength: 2, maxLength: 5 }).chain((answers) => fc.record({ answers: fc.constant(answers), order: fc.shuffledSubarray(answers, { minLength: answers.length }) }));
    await fc.assert(
      fc.asyncProperty(histories, async ({ answers, order }) => {
        const [one, other] = [await claimsAfter(answers), await claimsAfter(order)];
        expect(other).toEqual(one);
        expect({ started: one.started, ended: one.ended }).toEqual(standing(answers));
      }),
      { numRuns: 30 },
    );
  }, 120_000);
});

/** The rules as they are written, over all answers at once and in no order. */
function standing(answers: readonly Answer[]): { readonly started: readonly string[]; readonly ended: readonly string[] } {
  const same = (one: Told, other: Told): boolean => one.benefitType === other.benefitType && one.start === other.start;
  const tellers = (claim: Told, ended?: boolean): readonly Answer[] =>
    answers.filter(({ claims }) => claims.some((told) => same(told, claim) && (ended === undefined || (told.end !== null) === ended)));
  const latest = (some: readonly Answer[]): number => Math.max(...some.map(({ clock }) => clock));
  const silencedAfter = (clock: number, { benefitType, start }: Told): boolean =>
    answers.some((answer) => answer.clock > clock && answer.benefitTypes.includes(benefitType) && answer.from <= start && start <= answer.to);
  const names = (some: readonly Told[]): readonly string[] => [...new Set(some.map(({ benefitType, start }) => `${benefitType} ${start}`))].sort();
  const all = answers.flatMap(({ claims }) => claims);
  return {
    started: names(all.filter((claim) => !silencedAfter(latest(tellers(claim)), claim))),
    // At one clock the statement stands.
    ended: names(all.filter((claim) => latest(tellers(claim, true)) >= latest(tellers(claim, false)) && tellers(claim, true).length > 0 && !silencedAfter(latest(tellers(claim, true)), claim))),
  };
}
