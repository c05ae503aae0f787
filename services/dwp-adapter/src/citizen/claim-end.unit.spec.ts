import { factsAfter } from '../testing/facts-after.js';

/** What DWP answered on a day, asked from `from` on, of a claim that began on 3 February. */
const answer = (asOf: string, from: string, ended: string | null): object => ({
  type: 'throughline.dwp-citizen/1',
  asOf: `${asOf}T08:00:00Z`,
  request: { benefitTypes: ['universal_credit'], effectiveFromDate: from, effectiveToDate: '2025-12-31' },
  citizen: { data: { attributes: { nino: 'JX402917B' } } },
  claims: {
    data: [
      {
        type: 'Claim',
        attributes: {
          benefitType: 'universal_credit',
          startDate: '2025-02-03',
          awards: [{ startDate: '2025-02-03', ...(ended === null ? {} : { endDate: ended, endReason: 'customer_request' }) }],
        },
      },
    ],
  },
});

const factsOf = async (answers: readonly object[]) => (await factsAfter('dwp-citizen', answers)).facts;

describe('the end of a claim', () => {
  it('that moved and was then taken back is the same in every order of the answers, however little each asked about', async () => {
    const first = answer('2026-01-01', '2025-01-01', '2025-03-10');
    const moved = answer('2026-02-01', '2025-04-01', '2025-05-01');
    const takenBack = answer('2026-03-01', '2025-04-01', null);
    const inOrder = await factsOf([first, moved, takenBack]);
    expect(await factsOf([first, takenBack, moved])).toEqual(inOrder);
    expect(await factsOf([takenBack, moved, first])).toEqual(inOrder);
    // Who it is, the start and the award: no end.
    expect(inOrder).toHaveLength(3);
  });

  it('is taken back by a later answer that tells the claim without one, though it asked about later days only', async () => {
    const ended = answer('2026-01-01', '2025-01-01', '2025-03-10');
    const reopened = answer('2026-02-01', '2025-06-01', null);
    expect(await factsOf([ended])).toHaveLength(4);
    expect(await factsOf([ended, reopened])).toHaveLength(3);
    expect(await factsOf([reopened, ended])).toEqual(await factsOf([ended, reopened]));
  });
});
