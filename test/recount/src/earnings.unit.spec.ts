import { recount } from './index.js';
import { ilr, NHS_CSV_HEADER, PartnerFolder, rti } from './testing/partner-folder.js';
import { platformFigures, SPEC_PARTNERS } from './testing/platform-figures.js';

const NINO = 'XA123456A';

let folder: PartnerFolder;
beforeEach(() => {
  folder = new PartnerFolder();
});
afterEach(() => {
  folder.remove();
});

/** One who was supported from a day on and paid a month later; the college knows the name and the number. */
function paid(from: string, payday: string, pence: number, born: string): void {
  folder.send('ilr', ilr('2026-02-01T10:00:00', [{ ref: 'L1', nino: NINO, born }]), { mediaType: 'application/xml' });
  folder.send('nhs-csv', `${NHS_CSV_HEADER}S1,support_start,${from},,Jo,Doe,${born},ZA1 1AA,Z0001,99,workwell,\n`, { mediaType: 'text/csv', asOf: '2026-01-10T00:00:00Z' });
  folder.send('hmrc-rti', rti(NINO, null, [{ id: 1, date: payday, pay: pence / 100 }], [from, payday]));
}

/** Metrics and months of earnings, by the recount and by the platform's own rules of the same facts. */
function earned(): readonly string[] {
  const of = (figures?: typeof platformFigures): string[] =>
    [...recount(folder.directory, { knowableOnly: true, partnersByDeployment: SPEC_PARTNERS, ...(figures === undefined ? {} : { figures }) }).knowable.keys()].filter((cell) => cell.startsWith('earnings')).sort();
  const own = of();
  expect(of(platformFigures)).toEqual(own);
  return own.map((cell) => cell.split('|').slice(0, 2).join(' '));
}

describe('earnings of older years', () => {
  it.each([
    ['2023-05-02', '2023-06-30', '2000-03-14', 10.42],
    ['2023-05-02', '2023-06-30', '2001-03-14', 10.18],
    ['2021-03-02', '2021-03-31', '1997-03-14', 8.2],
    ['2021-04-02', '2021-04-30', '1997-03-14', 8.91],
    ['2016-04-02', '2016-04-30', '1991-03-14', 7.2],
  ])('begun on %s are held to the wage of then for the age', (from, payday, born, pounds) => {
    const needed = Math.round(pounds * 100) * 16 * 26;
    paid(from, payday, needed, born);
    expect(earned()).toEqual([`earnings_outcome ${payday.slice(0, 7)}`]);
    folder.remove();
    folder = new PartnerFolder();
    paid(from, payday, needed - 1, born);
    expect(earned()).toEqual([]);
  });

  it('begun before the first wage are neither enough nor too little', () => {
    paid('2016-03-30', '2016-04-30', 99_999_00, '1991-03-14');
    expect(earned()).toEqual(['earnings_outcome_evidence_insufficient 2016-04']);
  });
});
