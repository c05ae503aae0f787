import { compareCells, describeDifferences, recount } from './index.js';
import { verdictOn } from './verdict.js';
import type { Recount } from './index.js';
import { dwp, ilr, NHS_CSV_HEADER, olderIlr, PartnerFolder, rti } from './testing/partner-folder.js';

const XML = { mediaType: 'application/xml' };
const CSV = { mediaType: 'text/csv' };

let folder: PartnerFolder;
beforeEach(() => {
  folder = new PartnerFolder();
});
afterEach(() => {
  folder.remove();
});

const counted = (): Recount => recount(folder.directory, { knowableOnly: true });
const cells = (): Record<string, number> => Object.fromEntries([...counted().knowable].sort());

// ZA1 1AA is in Bolton, ZA2 1AA in Bury, by the fictional postcode file.
const BOLTON = 'E08000001';
const BURY = 'E08000002';

describe('a return of one college', () => {
  const working = { ref: 'L1', statuses: [['11', '2025-08-20'], ['10', '2025-10-01', '910000001'], ['10', '2026-01-02', '910000001']] } as const;

  it('gives a job after unemployment, sustained to the last day it was seen', () => {
    folder.send('ilr', ilr('2026-02-01T10:00:00', [working]), XML);
    // 2025-10-01 + 91 days is 2025-12-31, and the later status is of 2026-01-02; + 182 days is not reached.
    expect(cells()).toEqual({
      [`job_starts|2025-10|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`learning_starts|2025-09|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`lower_hours_outcome|2025-12|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`sustained_13_weeks|2025-12|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
    });
  });

  it('does not sustain a job by one with another employer, nor take a job already running for a start', () => {
    folder.send(
      'ilr',
      ilr('2026-02-01T10:00:00', [
        // Back with the first one later: what lay between is not known.
        { ...working, statuses: [['11', '2025-08-20'], ['10', '2025-10-01', '910000001'], ['10', '2025-12-01', '910000002'], ['10', '2026-01-20', '910000001']] },
        { ref: 'L2', family: 'Roe', learning: [['AIM00001', '2025-09-08']], statuses: [['10', '2025-08-20'], ['10', '2026-01-02']] },
      ]),
      XML,
    );
    expect(Object.keys(cells()).filter((cell) => !cell.startsWith('learning'))).toEqual([`job_starts|2025-10|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]);
  });

  it('takes back what a later return leaves out, in whatever order they come', () => {
    const [earlier, later] = [ilr('2026-02-01T10:00:00', [working, { ref: 'L2' }]), ilr('2026-03-01T10:00:00', [{ ref: 'L1', statuses: [['11', '2025-08-20']] }])];
    folder.send('ilr', later, XML).send('ilr', earlier, XML);
    expect(cells()).toEqual({ [`learning_starts|2025-09|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1 });
  });

  it('takes nothing back for a refused learner, and nobody where one cannot be named', () => {
    const broken = { ref: 'L1', statuses: [['13', '2025-08-20']] } as const;
    folder.send('ilr', ilr('2026-02-01T10:00:00', [working, { ref: 'L2', family: 'Roe' }]), XML);
    folder.send('ilr', ilr('2026-03-01T10:00:00', [broken, { ref: '?!' }]), XML);
    expect(Object.values(cells())).toEqual([1, 2, 1, 1]);
    expect([...counted().fates.values()]).toEqual([
      { published: 2, skipped: 0, refused: 0 },
      { published: 0, skipped: 0, refused: 2 },
    ]);
  });

  it('is refused whole where it is cut short, of another collection, or names a DOCTYPE', () => {
    const good = ilr('2026-02-01T10:00:00', [working]);
    folder.send('ilr', good.slice(0, -30), XML).send('ilr', good.replace('>ILR<', '>ESF<'), XML).send('ilr', good.replace('<Message', '<!DOCTYPE Message><Message'), XML);
    expect([...counted().fates.values()]).toEqual([null, null, null]);
    expect(cells()).toEqual({});
  });
});

describe('a return of an older year', () => {
  const learner = { ref: 'L1', learning: [['AIM00001', '2023-09-11', '2024-03-22']], statuses: [['11', '2023-09-10']] } as const;
  const jobs = (): string[] => Object.keys(cells()).filter((cell) => !cell.startsWith('learning')).map((cell) => cell.split('|').slice(0, 2).join(' '));
  const fates = () => [...counted().fates.values()];

  it('tells of the job of a learner who left, proved to the day of asking', () => {
    folder.send('ilr', olderIlr('2024-10-17T16:00:00', [learner], [['L1', ['EMP', '1', '2024-04-15', '2024-07-15']]]), XML);
    expect(cells()).toEqual({
      [`job_starts|2024-04|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`learning_starts|2023-09|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`lower_hours_outcome|2024-07|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`sustained_13_weeks|2024-07|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
    });
    expect(fates()).toEqual([{ published: 2, skipped: 0, refused: 0 }]);
  });

  it.each<[string, readonly [start: string, asked: string, end?: string], readonly string[]]>([
    ['a day short of thirteen weeks', ['2024-04-15', '2024-07-14'], ['job_starts 2024-04']],
    ['to its end, where that was seen', ['2024-01-01', '2024-09-01', '2024-03-31'], ['job_starts 2024-01']],
    ['not to an end that was ahead', ['2024-06-03', '2024-07-01', '2024-12-31'], ['job_starts 2024-06']],
    ['not at all where it was ahead itself', ['2024-07-02', '2024-07-01'], []],
  ])('proves a job %s', (_, dates, expected) => {
    folder.send('ilr', olderIlr('2024-10-17T16:00:00', [learner], [['L1', ['EMP', '2', ...dates]]]), XML);
    expect(jobs()).toEqual(expected);
  });

  it('says nothing of other destinations, and takes back what was told before', () => {
    folder.send('ilr', olderIlr('2024-10-17T16:00:00', [learner], [['L1', ['EDU', '6', '2024-09-16', '2024-10-01']]]), XML);
    folder.send('ilr', olderIlr('2024-09-12T16:00:00', [learner], [['L1', ['EMP', '1', '2024-04-15', '2024-07-15']]]), XML);
    expect(jobs()).toEqual([]);
    expect(fates()[0]).toEqual({ published: 1, skipped: 1, refused: 0 });
  });

  it('refuses destinations alone, and takes nothing of the learner back for it', () => {
    folder.send('ilr', olderIlr('2024-09-12T16:00:00', [learner], [['L1', ['EMP', '1', '2024-04-15', '2024-07-15']]]), XML);
    const faults = [
      [['JOB', '1', '2024-04-15', '2024-07-15']],
      [['EMP', '6', '2024-04-15', '2024-07-15']],
      [['EMP', '1', '2013-07-31', '2024-07-15']],
      [['EMP', '1', '2025-08-01', '2024-07-15']],
      [['EMP', '1', '2024-04-15', '2024-10-18']],
      [['EMP', '1', '2024-04-15', '2024-07-15', '2024-04-14']],
      [['EMP', '1', '2024-04-15', '2024-07-15'], ['EMP', '1', '2024-04-15', '2024-07-16']],
      [['EMP', '1', '2024-04-15', '2024-07-15'], ['NPE', '1', '2024-04-15', '2024-07-15']],
      [],
    ] as const;
    for (const [index, outcomes] of faults.entries()) folder.send('ilr', olderIlr(`2024-10-17T16:00:0${index}`, [learner], [['L1', ...outcomes]]), XML);
    expect(fates().slice(1)).toEqual(faults.map(() => ({ published: 1, skipped: 0, refused: 1 })));
    expect(jobs()).toEqual(['job_starts 2024-04', 'lower_hours_outcome 2024-07', 'sustained_13_weeks 2024-07']);
  });

  it('may hold destinations alone; those of a later year are none', () => {
    const alone = olderIlr('2024-10-17T16:00:00', [], [['L1', ['EMP', '1', '2024-04-15', '2024-07-15']]]);
    folder.send('ilr', alone, XML).send('ilr', alone.replace('2023-24', '2024-25').replace('>2324<', '>2425<'), XML);
    expect(fates()).toEqual([{ published: 1, skipped: 0, refused: 0 }, null]);
  });
});

describe('several partners', () => {
  const NINO = 'XA123456A';

  it('tell of one job, credited to the support that was open', () => {
    folder.send('ilr', ilr('2026-02-01T10:00:00', [{ ref: 'L1', nino: NINO, statuses: [['12', '2025-08-20'], ['10', '2025-10-20']] }]), XML);
    folder.send('hmrc-rti', rti(NINO, '2025-10-01', [31, 61, 92].map((day, index) => ({ id: index + 1, date: new Date(Date.UTC(2025, 9, day)).toISOString().slice(0, 10) }))));
    folder.send('nhs-csv', `${NHS_CSV_HEADER}S1,support_start,2025-09-15,,Jo,Doe,1990-03-14,ZA1 1AA,Z0001,99,workwell,\n`, { ...CSV, asOf: '2026-01-10T00:00:00Z' });
    const all = 'dsa-hmrc-rti-2026,dsa-ilr-2026,dsa-nhs-csv-2026';
    // Anchored by payroll on 1 October, 19 days before the college's date. Paid on 31 October, 30 November and 31 December: 13 weeks.
    expect(cells()).toEqual({
      [`into_work|2025-10|${BOLTON}|workwell|25-49|unknown|${all}`]: 1,
      [`job_starts|2025-10|${BOLTON}|workwell|25-49|unknown|${all}`]: 1,
      [`learning_starts|2025-09|${BOLTON}|no programme|25-49|unknown|dsa-ilr-2026`]: 1,
      [`support_starts|2025-09|${BOLTON}|workwell|25-49|unknown|dsa-ilr-2026,dsa-nhs-csv-2026`]: 1,
      // The college's band is of 21 to 30 hours; payroll's payments tell none.
      [`lower_hours_outcome|2025-12|${BOLTON}|workwell|25-49|unknown|${all}`]: 1,
      [`sustained_13_weeks|2025-12|${BOLTON}|workwell|25-49|unknown|${all}`]: 1,
    });
  });

  it('are linked by name, date of birth and postcode unless anything among all of them contradicts', () => {
    folder.send('ilr', ilr('2026-02-01T10:00:00', [{ ref: 'L1', nino: 'XA000001A' }]), XML);
    folder.send('nhs-csv', `${NHS_CSV_HEADER}S1,support_start,2025-09-15,,Jo,Doe,1990-03-14,ZA1 1AA,Z0001,99,workwell,\n`, { ...CSV, asOf: '2026-01-10T00:00:00Z' });
    expect(counted().people).toBe(1);
    folder.send('dwp-citizen', dwp('2026-01-01T00:00:00Z', 'XA000002A', { start: '2025-01-01', postcode: 'ZA1 1AA' }));
    expect(counted().people).toBe(3);
  });

  it('lose nothing by an extract that refused one of their two rows', () => {
    const rows = (date: string): string => `${NHS_CSV_HEADER}S1,referral,2025-09-01,,Jo,Doe,1990-03-14,ZA1 1AA,Z0001,99,workwell,\nS1,support_start,${date},,Jo,Doe,1990-03-14,ZA1 1AA,Z0001,99,workwell,\n`;
    folder.send('nhs-csv', rows('2025-09-15'), { ...CSV, asOf: '2026-01-10T00:00:00Z' });
    folder.send('nhs-csv', rows('2025-09-31'), { ...CSV, asOf: '2026-02-10T00:00:00Z', fullExtract: true });
    expect(Object.keys(cells()).map((cell) => cell.split('|')[0])).toEqual(['referrals', 'support_starts']);
  });

  it.each(['2000099901', 'X9Z77', '943 476 5919', '4000000000', 'JX402917B', 'za1-1aa', '0161 496 0000', 'Orla'])('tell nothing of a referral to a service that could be somebody: %s', (service) => {
    folder.send('nhs-csv', `${NHS_CSV_HEADER}S1,referral,2025-09-01,,Jo,Doe,1990-03-14,ZA1 1AA,Z0001,${service},workwell,\n`, { ...CSV, asOf: '2026-01-10T00:00:00Z' });
    expect(Object.keys(cells())).toHaveLength(['2000099901', 'X9Z77'].includes(service) ? 1 : 0);
  });

  it('end a claim after a job start, within half a year of it', () => {
    for (const [nino, end] of [[NINO, '2026-04-01'], ['XA000003A', '2026-04-02']] as const) {
      folder.send('hmrc-rti', rti(nino, '2025-10-01', [{ id: 1, date: '2025-10-31' }]));
      folder.send('dwp-citizen', dwp('2026-06-01T00:00:00Z', nino, { start: '2025-01-01', end, postcode: 'ZA2 1AA' }));
    }
    // 182 days after 1 October 2025 is 1 April 2026.
    expect(Object.entries(cells()).filter(([cell]) => cell.startsWith('claims'))).toEqual([
      [`claims_ended_after_job_start|2026-04|${BURY}|no programme|25-49|unknown|dsa-dwp-citizen-2026,dsa-hmrc-rti-2026`, 1],
    ]);
  });

  it('do not end a claim that a later answer tells without an end, whatever days it asked about', () => {
    const claim = { start: '2025-01-01', postcode: 'ZA2 1AA' };
    const later = dwp('2026-07-01T00:00:00Z', NINO, claim).replace('"request":{}', '"request":{"effectiveFromDate":"2026-06-01"}');
    folder.send('hmrc-rti', rti(NINO, '2025-10-01', [{ id: 1, date: '2025-10-31' }]));
    folder.send('dwp-citizen', dwp('2026-06-01T00:00:00Z', NINO, { ...claim, end: '2026-04-01' }));
    expect(Object.keys(cells()).filter((cell) => cell.startsWith('claims'))).toHaveLength(1);
    folder.send('dwp-citizen', later);
    expect(Object.keys(cells()).filter((cell) => cell.startsWith('claims'))).toEqual([]);
  });
});

describe('payments', () => {
  const month = (number: number): string => new Date(Date.UTC(2025, number + 1, 0)).toISOString().slice(0, 10);
  const sustained = (): string[] => Object.keys(cells()).filter((cell) => cell.startsWith('sustained')).map((cell) => cell.split('|')[0] ?? '');
  const paid = (...months: readonly number[]) => months.map((number) => ({ id: number + 1, date: month(number) }));

  it('prove a job until the first gap of more than 42 days', () => {
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', paid(0, 1, 2, 3, 4, 5, 6)));
    folder.send('hmrc-rti', rti('XA123457A', '2025-01-01', paid(0, 1, 3, 4, 5, 6)));
    expect(cells()).toMatchObject({ 'sustained_13_weeks|2025-04|unknown|no programme|unknown|unknown|dsa-hmrc-rti-2026': 1 });
    expect(sustained()).toEqual(['sustained_13_weeks', 'sustained_26_weeks']);
  });

  it('prove nothing after leaving or when they are not above nothing', () => {
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', [...paid(0, 1, 2), { id: 9, date: '2025-04-10', leaving: true }]));
    folder.send('hmrc-rti', rti('XA123457A', '2025-01-01', [...paid(0, 1, 2), { id: 9, date: '2025-04-10', pay: -5 }]));
    expect(sustained()).toEqual([]);
  });

  it('prove the job up to the end that their own return tells, and no day after it', () => {
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', [...paid(0, 1, 2), { id: 9, date: '2025-04-10', ended: '2025-04-01' }]));
    expect(sustained()).toEqual([]);
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', [...paid(0, 1, 2), { id: 9, date: '2025-04-10', ended: '2025-04-02' }], undefined, '2025-05-01T00:00:00Z'));
    expect(sustained()).toEqual(['sustained_13_weeks']);
  });

  it.each([
    ['says that it is no longer valid', [{ id: 9, date: '2025-06-10' }], '"paymentNoLongerValid":"2025-06-11","taxablePayInPeriod"'],
    ['covers its date and is silent of it', [{ id: 8, date: '2025-04-30' }], '"taxablePayInPeriod"'],
  ])('prove no end any longer once a later response %s', (_, told, pay) => {
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', [{ id: 9, date: '2025-04-10', ended: '2025-04-02' }]));
    expect(sustained()).toEqual(['sustained_13_weeks']);
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', told, ['2025-04-05', '2025-06-30'], '2025-07-01T00:00:00Z').replace('"taxablePayInPeriod"', pay));
    expect(sustained()).toEqual([]);
  });

  it('are taken back by a later response that covers their date, and only then', () => {
    const whole = paid(0, 1, 2, 3);
    const last = whole.slice(0, 3);
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', whole));
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', last, ['2025-01-01', '2025-03-31'], '2025-06-01T00:00:00Z'));
    expect(sustained()).toEqual(['sustained_13_weeks']);
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', last, ['2025-01-01', '2025-04-30'], '2025-07-01T00:00:00Z'));
    expect(sustained()).toEqual([]);
  });

  it('told again under another date are taken back under the first, whatever the dates asked for and in any order', () => {
    const whole = paid(0, 1, 2, 3);
    const [first, redated, struckOut] = [
      rti('XA123456A', '2025-01-01', whole),
      rti('XA123456A', '2025-01-01', [{ id: 4, date: '2025-06-10' }], ['2025-06-01', '2025-06-30'], '2025-06-20T00:00:00Z'),
      rti('XA123456A', '2025-01-01', [{ id: 3, date: '2025-06-10' }], ['2025-06-01', '2025-06-30'], '2025-06-21T00:00:00Z').replace('"taxablePayInPeriod"', '"paymentNoLongerValid":"2025-06-21","taxablePayInPeriod"'),
    ];
    folder.send('hmrc-rti', redated).send('hmrc-rti', first);
    expect(sustained()).toEqual([]);
    folder.send('hmrc-rti', rti('XA123456A', '2025-01-01', whole, ['2025-01-01', '2025-04-30'], '2025-07-01T00:00:00Z'));
    expect(sustained()).toEqual(['sustained_13_weeks']);
    folder.send('hmrc-rti', struckOut);
    expect(sustained()).toEqual(['sustained_13_weeks']);
    folder.send('hmrc-rti', struckOut.replace('2025-06-21T', '2025-07-02T'));
    expect(sustained()).toEqual([]);
  });
});

describe('the refugee programme', () => {
  it('relates its files by the person, in any order', () => {
    const send = (part: string, text: string): void => void folder.send('rtof', text, { ...CSV, part, asOf: '2026-06-01T00:00:00Z', programme: 'local' });
    send('employment_sustain', 'unique_id,employment_sustainment_date,employment_sustain_status,hours_of_employment_sustain,wage_employment_sustain\nP1,2025-12-02,PC,16 to 30 hours,13\n');
    send('employment_entry', 'unique_id,employment_entry_outcome_type,date_employment_entry,primary_employment_entry_status,hours_of_employment_entry,wage_employment_entry\nP1,Employment,2025-06-03,PC,16 to 30 hours,13\n');
    send('baseline', 'unique_id,ni_number,date_asylum_status_granted,employment_status\nP1,,2024-11,ULA\n');
    send('person', 'unique_id,first_name,last_name,year_of_birth,dispersal_area,date_started_service\nP1,Selam,Haile,1975,Bury Council,2025-01\n');
    // Born in 1975, taken as July: 49 until June 2025, 50 from July.
    // £13 an hour on 3 June 2025 is above £12.60; 13 and 26 weeks in a band of 16 hours and more.
    expect(cells()).toEqual({
      [`higher_hours_outcome|2025-12|${BURY}|local|50-plus|REFUGEE|dsa-rtof-2026`]: 1,
      [`into_work|2025-06|${BURY}|local|25-49|REFUGEE|dsa-rtof-2026`]: 1,
      [`job_starts|2025-06|${BURY}|local|25-49|REFUGEE|dsa-rtof-2026`]: 1,
      [`job_starts_at_real_living_wage|2025-06|${BURY}|local|25-49|REFUGEE|dsa-rtof-2026`]: 1,
      [`lower_hours_outcome|2025-09|${BURY}|local|50-plus|REFUGEE|dsa-rtof-2026`]: 1,
      [`permanent_job_starts|2025-06|${BURY}|local|25-49|REFUGEE|dsa-rtof-2026`]: 1,
      [`support_starts|2025-01|${BURY}|local|25-49|REFUGEE|dsa-rtof-2026`]: 1,
      [`sustained_13_weeks|2025-09|${BURY}|local|50-plus|REFUGEE|dsa-rtof-2026`]: 1,
      [`sustained_26_weeks|2025-12|${BURY}|local|50-plus|REFUGEE|dsa-rtof-2026`]: 1,
    });
  });
});

describe('the extract of what young people do', () => {
  const HEADER = ['PupilMatchingRefAnonymous', 'AcadYr', 'MonthNo', 'Current_Activity_Code', 'Current_Activity_Start_Date', 'Current_Activity_Verification_Date'].map((name) => `NCCIS_${name}`).join(',');
  const send = (asOf: string, ...rows: readonly string[]): void => void folder.send('nccis', `${HEADER}\n${rows.join('\n')}\n`, { ...CSV, asOf: `${asOf}T00:00:00Z` });
  const told = (): string[] => Object.keys(cells()).map((cell) => cell.split('|').slice(0, 2).join(' '));

  it('tells a job from its start, as long as the council made sure of it, of somebody nobody knows', () => {
    send('2025-10-03', 'A,2025/26,9,330,2025-09-01,2025-09-20');
    send('2026-01-05', 'A,2025/26,12,330,2025-09-01,2025-12-10');
    expect(cells()).toEqual({
      'job_starts|2025-09|unknown|no programme|unknown|unknown|dsa-nccis-2026': 1,
      'lower_hours_outcome_evidence_insufficient|2025-12|unknown|no programme|unknown|unknown|dsa-nccis-2026': 1,
      'sustained_13_weeks|2025-12|unknown|no programme|unknown|unknown|dsa-nccis-2026': 1,
    });
  });

  it('takes back what another activity since leaves no room for, and nothing before it', () => {
    send('2025-10-03', 'A,2025/26,9,330,2025-09-01,', 'B,2025/26,9,330,2025-09-01,', 'C,2025/26,9,330,2025-09-01,');
    // A was looking for work all the time; B is now; C is gone from the cohort.
    send('2025-12-04', 'A,2025/26,11,619,2025-08-20,', 'B,2025/26,11,619,2025-11-05,');
    expect(cells()).toMatchObject({ 'job_starts|2025-09|unknown|no programme|unknown|unknown|dsa-nccis-2026': 2 });
  });

  it('puts a month right by drawing it again, in whatever order they come', () => {
    send('2025-12-09', 'A,2025/26,11,619,2025-09-01,');
    send('2025-12-04', 'A,2025/26,11,330,2025-09-01,');
    expect(told()).toEqual([]);
  });

  it('keeps what a later month proved when an earlier one is drawn again, or a row names no day', () => {
    send('2026-01-05', 'A,2025/26,12,330,2025-09-01,2025-12-12');
    send('2026-01-12', 'A,2025/26,10,330,2025-09-01,2025-10-20');
    send('2026-01-19', 'A,2025/26,12,330,2025-09-01,');
    expect(told()).toContain('sustained_13_weeks 2025-12');
    // Drawn once more, December names a day too early for the proof.
    send('2026-01-26', 'A,2025/26,12,330,2025-09-01,2025-11-20');
    expect(told()).not.toContain('sustained_13_weeks 2025-12');
  });

  it('takes nothing back for a refused row', () => {
    send('2025-10-03', 'A,2025/26,9,330,2025-09-01,');
    for (const bad of ['619,,', '61,2025-08-20,', '619,2025-12-01,', '619,2025-08-20,2025-12-05']) send('2025-12-04', `A,2025/26,11,${bad}`);
    expect(told()).toEqual(['job_starts 2025-09']);
    expect([...counted().fates.values()].slice(1).map((fates) => fates?.refused)).toEqual([1, 1, 1, 1]);
  });

  it('says nothing that is counted of learning, or of what the codes leave open', () => {
    send('2025-10-03', 'A,2025/26,9,210,2025-09-01,', 'B,2025/26,9,540,2025-09-01,', 'C,2025/26,9,810,2025-09-01,', 'D,2025/26,9,430,2025-09-01,');
    expect(told()).toEqual([]);
    expect([...counted().fates.values()]).toEqual([{ published: 4, skipped: 0, refused: 0 }]);
  });
});

describe('differences', () => {
  it('name each cell with both counts, and none where there is none', () => {
    const knowable = new Map([['a', 1], ['b', 2]]);
    expect(compareCells(knowable, knowable)).toEqual([]);
    expect(describeDifferences([])).toBe('');
    const differences = compareCells(new Map([['b', 3], ['c', 1]]), knowable);
    expect(differences).toEqual([
      { cell: 'a', shown: 0, knowable: 1 },
      { cell: 'b', shown: 3, knowable: 2 },
      { cell: 'c', shown: 1, knowable: 0 },
    ]);
    expect(describeDifferences(differences, 1)).toBe('3 cells differ:\n  a: shown 0, knowable 1\n  and 2 more');
    expect(describeDifferences(differences.slice(1, 2))).toBe('1 cell differs:\n  b: shown 3, knowable 2');
  });
});

describe('the verdict below the table', () => {
  const knowable = new Map([['a', 1], ['b', 2]]);
  const withMore = new Map([['a', 1], ['b', 3], ['c', 1]]);

  it('counts the cells that are equal', () => {
    for (const moreMayBeSent of [true, false]) {
      expect(verdictOn(knowable, new Map(knowable), moreMayBeSent)).toMatchObject({ inOrder: true, text: expect.stringMatching(/^Shown equals knowable in all 2 cells/) as string });
    }
  });

  it('takes a difference for a fault, cell by cell, where only these files were sent', () => {
    const { inOrder, text } = verdictOn(withMore, knowable, false);
    expect(inOrder).toBe(false);
    expect(text).toMatch(/^2 cells differ:\n {2}b: shown 3, knowable 2\n {2}c: shown 1, knowable 0\n.*whatever else was sent .* is no fault\. If nothing else was sent, this is one/);
  });

  it('takes it for no fault where more may have been sent, and says so in one line', () => {
    const { inOrder, text } = verdictOn(withMore, knowable, true);
    expect(inOrder).toBe(true);
    expect(text).toMatch(/^Shown differs from knowable in 2 of 3 cells, as it should once anything else was sent.*\.$/);
  });
});
