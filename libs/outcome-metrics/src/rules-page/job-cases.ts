/** One row of the table that says which facts are one job; a test bears its id. */
export interface JobCase {
  readonly id: string;
  readonly told: string;
  readonly counted: string;
  readonly why: string;
}

/** Which facts are one job, which date counts, and what stays as evidence. */
export const JOB_CASES: readonly JobCase[] = [
  {
    id: 'J01',
    told: 'HMRC says that a job started on the 3rd, the college on the 1st, the council names the employer',
    counted: 'one job, that starts on the 1st; what HMRC and the council say is read for it',
    why: 'the earliest start within the window is the anchor, whoever tells it: payroll dates often come after the first day worked',
  },
  {
    id: 'J02',
    told: 'two sources tell of the same first day',
    counted: 'one job, anchored by the source that comes first in the order of sources',
    why: 'the date is the same either way; the order only decides whose word stands first where they differ in anything else',
  },
  {
    id: 'J03',
    told: 'starts 28 days apart, then 29',
    counted: 'one job, then two',
    why: 'the window is counted from the anchor, so that a chain of late reports cannot stretch one job over months',
  },
  {
    id: 'J04',
    told: 'a council that knows only the month, and payroll with a day in it',
    counted: 'one job, that starts on the first of the month',
    why: 'a month stands for all of its days; what is counted by month does not move',
  },
  {
    id: 'J05',
    told: 'one source names two employers in one week',
    counted: 'two jobs',
    why: 'a source does not confuse its own employers; two sources’ names for them cannot be compared',
  },
  {
    id: 'J06',
    told: 'a second employer months later, while the first goes on',
    counted: 'two jobs, each with its own evidence; their hours are added up for the hours outcomes',
    why: 'each employment has its own payments; hours worked at once for employers that one source tells apart are surely worked',
  },
  {
    id: 'J07',
    told: 'two sources tell of starts too far apart to be one job, both still held',
    counted: 'two jobs, but the hours of the one with more',
    why: 'they may be one job after all: what may be told twice proves nothing twice',
  },
  {
    id: 'J08',
    told: 'payments stop for 43 days and go on',
    counted: 'the job is proved to the last payment before the gap',
    why: 'silence proves nothing, and what follows a gap is another spell',
  },
  {
    id: 'J09',
    told: 'a job of seven weeks and, two weeks later, another of six',
    counted: 'neither is sustained for 13 weeks; the lower hours outcome is reached over both',
    why: '13 of 16 weeks allows a gap, 13 weeks of one job do not',
  },
  {
    id: 'J10',
    told: 'a start of self-employment and a start of employment in one week',
    counted: 'two jobs',
    why: 'nobody is employed and self-employed in the same job, and programmes pay for them by different evidence',
  },
  {
    id: 'J11',
    told: 'self-employment, still held six months later by the council’s record',
    counted: 'self-employment sustained for six months',
    why: 'no source tells what it earns: that stays unproved, and the page says so',
  },
  {
    id: 'J12',
    told: 'a source corrects the first day of a job',
    counted: 'one job, on the corrected day; nothing stays in the month first told',
    why: 'a fact is what its source says last',
  },
  {
    id: 'J13',
    told: 'a source takes a start back that nobody else tells',
    counted: 'no job, and nothing that rested on it',
    why: 'payments and sustain records are evidence for a job, never a job',
  },
  {
    id: 'J14',
    told: 'a source takes its start back that another tells as well',
    counted: 'one job, on the other’s day; the first one’s payments no longer prove it',
    why: 'evidence belongs to its own source’s job',
  },
  {
    id: 'J15',
    told: 'the payment that reached 13 weeks is taken back',
    counted: 'the sustained outcome falls',
    why: 'a figure is never more than its evidence',
  },
  {
    id: 'J16',
    told: 'an end, then a sustain record of a later day by another source',
    counted: 'sustained to that day',
    why: 'an end told by one source does not overrule what another has seen',
  },
  {
    id: 'J17',
    told: 'a college’s band of 11 to 20 hours for half a year, and nothing else',
    counted: 'the lower hours outcome; of the higher one, that evidence is insufficient',
    why: 'the band holds 12 hours as well as 18: it can never prove 16',
  },
  {
    id: 'J18',
    told: 'the same, and payroll’s band of 16 to 24 hours',
    counted: 'the higher hours outcome',
    why: 'bands narrow each other; one that contradicts a better source is not heard',
  },
  {
    id: 'J19',
    told: 'a job lasts, and nobody tells its hours',
    counted: 'sustained; of both hours outcomes, that evidence is insufficient',
    why: 'hours that nobody tells are not guessed',
  },
  {
    id: 'J20',
    told: 'pay after leaving',
    counted: 'proves no day of the job; counts towards the earnings outcome',
    why: 'it was earned, but says nothing of how long the job lasted',
  },
];
