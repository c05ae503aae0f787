import fc from 'fast-check';
import { factsAfter } from '../testing/facts-after.js';

interface Told {
  readonly id: number;
  readonly date: string;
  readonly struckOut: boolean;
}

interface Answer {
  /** Day of June 2026 on which HMRC received what it tells. */
  readonly clock: number;
  readonly from: string;
  readonly to: string;
  readonly payments: readonly Told[];
}

/** An answer about one employment; its first item tells no payment, so that one without payments has a clock too. */
const envelope = ({ clock, from, to, payments }: Answer): object => {
  const employment = { employerPayeRef: '321/TB9', uniqueEmploymentSequenceNumber: 4, hmrcReceiptTimestamp: `2026-06-${String(clock).padStart(2, '0')}T09:00:00Z` };
  return {
    type: 'throughline.hmrc-rti/1',
    request: { nino: 'JX402917B', fromDate: from, toDate: to },
    response: {
      taxYears: [
        employment,
        ...payments.map(({ id, date, struckOut }) => ({
          ...employment,
          uniquePaymentId: id,
          paymentDate: date,
          taxablePayInPeriod: id,
          ...(struckOut ? { paymentNoLongerValid: '2026-06-01' } : {}),
        })),
      ],
    },
  };
};

/** Payments that stand, as `id date`: the amount in pounds is the id. */
const paymentsAfter = async (answers: readonly Answer[]) => {
  const after = await factsAfter('hmrc-rti', answers.map(envelope));
  return { facts: after.facts, payments: after.of('EarningsReported').map(({ day, said }) => `${said.amountPence / 100} ${day ?? ''}`).sort() };
};

const paid = (id: number, date: string, struckOut = false): Told => ({ id, date, struckOut });
const WINTER = { from: '2025-12-01', to: '2026-02-28' };
const SPRING = { from: '2026-03-01', to: '2026-05-31' };

const ordersOf = <T>([first, ...rest]: readonly T[]): readonly (readonly T[])[] =>
  first === undefined ? [[]] : ordersOf(rest).flatMap((order) => Array.from({ length: order.length + 1 }, (_, at) => [...order.slice(0, at), first, ...order.slice(at)]));

describe('a payment', () => {
  const told = { clock: 1, ...WINTER, payments: [paid(1, '2026-02-27'), paid(2, '2026-01-30')] };
  const redated = { clock: 2, ...SPRING, payments: [paid(1, '2026-03-02')] };

  it.each<[string, readonly Answer[], readonly string[]]>([
    ['told under another date by an answer about other dates stands under that one', [told, redated], ['1 2026-03-02', '2 2026-01-30']],
    ['told anew and then left out of an answer about its old date stands under its new one', [told, redated, { clock: 3, ...WINTER, payments: [paid(2, '2026-01-30')] }], ['1 2026-03-02', '2 2026-01-30']],
    ['told anew and then left out of an answer about its new date stands no more', [told, redated, { clock: 3, ...SPRING, payments: [] }], ['2 2026-01-30']],
    ['told back under its first date stands there', [told, redated, { ...told, clock: 3 }], ['1 2026-02-27', '2 2026-01-30']],
    ['no longer valid under another date stands no more', [told, { clock: 2, ...SPRING, payments: [paid(1, '2026-03-02', true)] }], ['2 2026-01-30']],
    ['that an answer about other dates does not tell stands as it did', [told, { clock: 2, ...SPRING, payments: [paid(3, '2026-03-27')] }], ['1 2026-02-27', '2 2026-01-30', '3 2026-03-27']],
  ])('%s, in every order of the answers', async (_, answers, expected) => {
    for (const order of ordersOf(answers)) expect((await paymentsAfter(order)).payments).toEqual(expected);
  }, 60_000);

  it('stands as the latest answers that told or could have told it say, in any order of any answers', async () => {
    const dates = ['2025-12-24', '2026-01-30', '2026-02-27', '2026-03-02', '2026-03-27', '2026-04-30'];
    const payment = fc.record({ id: fc.integer({ min: 1, max: 3 }), date: fc.constantFrom(...dates), struckOut: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }) });
    const answer = fc
      .record({ clock: fc.integer({ min: 1, max: 6 }), window: fc.constantFrom(WINTER, SPRING, { from: '2026-02-01', to: '2026-03-10' }), payments: fc.array(payment, { maxLength: 4 }) })
      .map(({ clock, window, payments }): Answer => ({ clock, ...window, payments }));
    const histories = fc.array(answer, { minLength: 2, maxLength: 5 }).chain((answers) => fc.record({ answers: fc.constant(answers), order: fc.shuffledSubarray(answers, { minLength: answers.length }) }));
    await fc.assert(
      fc.asyncProperty(histories, async ({ answers, order }) => {
        const [one, other] = [await paymentsAfter(answers), await paymentsAfter(order)];
        expect(other).toEqual(one);
        expect(one.payments).toEqual(standing(answers));
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

/** The rule as it is written, over all answers at once and in no order. */
function standing(answers: readonly Answer[]): readonly string[] {
  const latest = ({ payments }: Answer) => new Map(payments.map((payment) => [payment.id, payment]));
  const states = (answer: Answer, { id, date }: Told): boolean => latest(answer).get(id)?.date === date && latest(answer).get(id)?.struckOut === false;
  const knows = (answer: Answer, { id, date }: Told): boolean => latest(answer).has(id) || (answer.from <= date && date <= answer.to);
  const stands = (payment: Told): boolean => {
    const told = Math.max(...answers.filter((answer) => states(answer, payment)).map(({ clock }) => clock));
    return answers.every((answer) => answer.clock <= told || !knows(answer, payment));
  };
  return [...new Set(answers.flatMap((answer) => [...latest(answer).values()].filter((payment) => states(answer, payment) && stands(payment)).map(({ id, date }) => `${id} ${date}`)))].sort();
}
