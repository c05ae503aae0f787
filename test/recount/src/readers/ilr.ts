import { readFileSync } from 'node:fs';

import { SaxesParser } from 'saxes';

import { codeOf } from '../codes.js';
import { dayNumber, dayText, instantOf, optionalDate, Refused, requiredDate } from '../days.js';
import { identified } from '../identifiers.js';
import type { Places } from '../places.js';
import { factName, fatesOf, SectionBuilder } from '../told.js';
import type { Hours, Reading, ToldFact } from '../told.js';
import { destinationFacts } from './ilr-destinations.js';
import { all, child, text } from './xml-node.js';
import type { Node } from './xml-node.js';

const SINGLE = new Set(['SEI', 'EII', 'LOU', 'LOE', 'BSI', 'PEI', 'SEM']);
const NO_EMPLOYER = '999999999';

/** The whole message as a tree; null where it is not well formed or not this format. */
function messageOf(xml: string): { readonly message: Node; readonly years: RegExpExecArray } | null {
  const parser = new SaxesParser({ xmlns: true });
  const stack: Node[] = [{ name: '', text: '', children: [] }];
  let namespace = '';
  let failed = false;
  parser.on('error', () => {
    failed = true;
  });
  parser.on('doctype', () => {
    failed = true;
  });
  parser.on('opentag', (tag) => {
    if (stack.length === 1) namespace = tag.uri;
    const node: Node = { name: tag.local, text: '', children: [] };
    stack.at(-1)?.children.push(node);
    stack.push(node);
  });
  parser.on('text', (piece) => {
    const node = stack.at(-1);
    if (node !== undefined) node.text += piece;
  });
  parser.on('closetag', () => {
    stack.pop();
  });
  parser.write(xml).close();
  const message = stack[0]?.children[0];
  const years = /^ESFA\/ILR\/(\d{4})-(\d{2})$/.exec(namespace);
  return failed || message?.name !== 'Message' || years === null ? null : { message, years };
}

interface Header {
  readonly ukprn: string;
  readonly year: string;
  readonly yearEnds: string;
  /** Day of the file as it writes it. */
  readonly prepared: string;
  readonly instant: number;
  readonly serial: number;
}

function headerOf(message: Node, years: RegExpExecArray): Header | null {
  const header = child(message, 'Header');
  const details = header === undefined ? undefined : child(header, 'CollectionDetails');
  const source = header === undefined ? undefined : child(header, 'Source');
  const [ukprn, serial, instant] = [text(source, 'UKPRN'), text(source, 'SerialNo'), instantOf(text(source, 'DateTime'))];
  const year = `${years[1]?.slice(2) ?? ''}${years[2] ?? ''}`;
  if (text(details, 'Collection') !== 'ILR' || text(details, 'Year') !== year) return null;
  if (ukprn === null || !/^[1-9]\d{7}$/.test(ukprn) || text(child(message, 'LearningProvider'), 'UKPRN') !== ukprn) return null;
  if (serial === null || !/^\d{1,2}$/.test(serial) || instant === null) return null;
  return { ukprn, year, yearEnds: `20${years[2] ?? ''}-07-31`, prepared: (text(source, 'DateTime') ?? '').slice(0, 10), instant, serial: Number(serial) };
}

interface Status {
  readonly code: string;
  readonly date: string;
  readonly employer: string | null;
  readonly hours: Hours | null;
  readonly own: boolean;
}

const INTENSITIES: Readonly<Record<string, Hours>> = {
  '1': [1600, null], '2': [0, 1600], '3': [1600, 2000], '4': [2000, null], '5': [0, 1100], '6': [1100, 2100], '7': [2100, 3100], '8': [3100, null],
};

function statusesOf(learner: Node, yearEnds: string): Status[] {
  const dates = new Set<string>();
  return all(learner, 'LearnerEmploymentStatus').map((node) => {
    const code = text(node, 'EmpStat');
    if (code === null || !['10', '11', '12', '98'].includes(code)) throw new Refused();
    const date = requiredDate(text(node, 'DateEmpStatApp'));
    if (date < '1990-08-01' || date > yearEnds || dates.has(date)) throw new Refused();
    dates.add(date);
    const codes = new Map<string, string>();
    for (const monitoring of all(node, 'EmploymentStatusMonitoring')) {
      const [type, value] = [text(monitoring, 'ESMType') ?? '', text(monitoring, 'ESMCode') ?? ''];
      if (SINGLE.has(type) && codes.has(type)) throw new Refused();
      codes.set(type, value);
    }
    const hours = codes.get('EII');
    if (hours !== undefined && !/^[1-8]$/.test(hours)) throw new Refused();
    if (codes.has('BSI') && !/^[1-6]$/.test(codes.get('BSI') ?? '')) throw new Refused();
    if (code === '10' && (hours === undefined || codes.has('LOU'))) throw new Refused();
    if ((code === '11' || code === '12') && ['LOE', 'EII', 'SEI'].some((type) => codes.has(type))) throw new Refused();
    const employer = text(node, 'EmpId');
    return { code, date, employer: employer === NO_EMPLOYER ? null : employer, hours: INTENSITIES[hours ?? ''] ?? null, own: codes.get('SEI') === '1' };
  });
}

interface Delivery {
  readonly aim: string;
  readonly learnStart: string;
  readonly start: string;
  readonly end: string | null;
  readonly completion: string;
}

function deliveriesOf(learner: Node): Delivery[] {
  const deliveries = all(learner, 'LearningDelivery').map((node) => {
    const aim = codeOf('aim', text(node, 'LearnAimRef'));
    if (aim === null) throw new Refused();
    const learnStart = requiredDate(text(node, 'LearnStartDate'));
    const original = optionalDate(text(node, 'OrigLearnStartDate'));
    const completion = text(node, 'CompStatus');
    if (completion === null || !['1', '2', '3', '6'].includes(completion)) throw new Refused();
    const end = optionalDate(text(node, 'LearnActEndDate'));
    if ((end === null && completion !== '1') || (end !== null && end < learnStart)) throw new Refused();
    for (const field of ['FundModel', 'Outcome']) if (!/^\d*$/.test(text(node, field) ?? '')) throw new Refused();
    return { aim, learnStart, start: original !== null && original < learnStart ? original : learnStart, end, completion };
  });
  if (deliveries.length === 0) throw new Refused();
  // Of one aim and start the last speaks.
  return [...new Map(deliveries.map((each) => [`${each.aim} ${each.learnStart}`, each])).values()];
}

const STATUS = { 10: 'EMPLOYED', 11: 'UNEMPLOYED', 12: 'INACTIVE' } as const;

function jobFacts(scope: string, statuses: readonly Status[]): ToldFact[] {
  const facts: ToldFact[] = [];
  const known = statuses.filter((status) => status.code !== '98').sort((left, right) => (left.date < right.date ? -1 : 1));
  let open: Status | null = null;
  known.forEach((status, index) => {
    const before = known[index - 1];
    if (before === undefined) return;
    const job = open === null ? null : factName(scope, 'JobStarted', ['job', open.date]);
    if (status.code === '10' && before.code !== '10') {
      open = status;
      facts.push({ key: ['job', status.date], occurredOn: status.date, body: { type: 'JobStarted', employer: status.employer, hours: status.hours, work: status.own ? 'SELF_EMPLOYED' : 'EMPLOYED', contract: null, hourlyPence: null } });
    } else if (status.code === '10' && open !== null) {
      if (status.employer !== null && open.employer !== null && status.employer !== open.employer) open = null;
      else facts.push({ key: ['sustained', status.date], occurredOn: status.date, body: { type: 'JobSustained', job, hours: status.hours, hourlyPence: null } });
    } else if (status.code !== '10' && before.code === '10') {
      facts.push({ key: ['ended', status.date], occurredOn: status.date, body: { type: 'JobEnded' } });
      open = null;
    }
  });
  return facts;
}

function learnerFacts(learner: Node, scope: string, yearEnds: string, places: Places): ToldFact[] {
  const uln = text(learner, 'ULN');
  if (uln === null) throw new Refused();
  const dateOfBirth = optionalDate(text(learner, 'DateOfBirth'));
  const statuses = statusesOf(learner, yearEnds);
  const deliveries = deliveriesOf(learner);
  const first = deliveries.reduce((least, each) => (each.learnStart < least ? each.learnStart : least), '9999-12-31');
  const [postcode, prior, problem] = [text(learner, 'Postcode'), text(learner, 'PostcodePrior'), text(learner, 'LLDDHealthProb')];
  const circumstances = { type: 'CircumstancesReported', birthYear: null, birthMonth: null, district: null, status: 'UNKNOWN', groups: null } as const;
  const groups = problem === '1' ? ['DISABILITY_OR_HEALTH'] : problem === '2' ? [] : null;
  const home = {
    ...circumstances,
    birthYear: dateOfBirth === null ? null : Number(dateOfBirth.slice(0, 4)),
    birthMonth: dateOfBirth === null ? null : Number(dateOfBirth.slice(5, 7)),
    district: places.districtOf(postcode),
    groups,
  };
  const facts: ToldFact[] = [
    {
      key: ['learner'],
      occurredOn: first,
      body: identified({
        uln,
        nino: text(learner, 'NINumber'),
        surname: text(learner, 'FamilyName'),
        firstName: text(learner, 'GivenNames'),
        dateOfBirth,
        postcodes: [postcode, prior],
      }),
    },
  ];
  if (home.birthYear !== null || home.district !== null || groups !== null) facts.push({ key: ['home'], occurredOn: first, body: home });
  const priorDistrict = places.districtOf(prior);
  if (priorDistrict !== null) {
    facts.push({ key: ['prior'], occurredOn: dayText(dayNumber(first) - 1), body: { ...circumstances, district: priorDistrict } });
  }
  for (const { code, date } of statuses) {
    if (code === '98') continue;
    facts.push({ key: ['status', date], occurredOn: date, body: { ...circumstances, status: STATUS[Number(code) as keyof typeof STATUS] } });
  }
  for (const { aim, learnStart, start, end, completion } of deliveries) {
    const about = { type: 'LearningStatusChanged', aim, startDate: start } as const;
    facts.push({ key: ['learning', aim, learnStart, 'started'], occurredOn: start, body: { ...about, status: 'STARTED' } });
    if (completion !== '1' && end !== null) {
      facts.push({ key: ['learning', aim, learnStart, 'ended'], occurredOn: end, body: { ...about, status: `ended ${completion}` } });
    }
  }
  return [...facts, ...jobFacts(scope, statuses)];
}

/** An ILR return: a snapshot of one provider's year. */
export function readIlr(path: string, places: Places): Reading {
  const read = messageOf(readFileSync(path, 'utf8'));
  const header = read === null ? null : headerOf(read.message, read.years);
  if (read === null || header === null) return { refusedWhole: true };
  const learners = all(read.message, 'Learner');
  // Years from 2024-25 have none.
  const left = header.yearEnds <= '2024-07-31' ? all(read.message, 'LearnerDestinationandProgression') : [];
  if (learners.length + left.length === 0) return { refusedWhole: true };
  const scope = `${header.ukprn}/${header.year}`;
  const section = new SectionBuilder(scope, { instant: header.instant, sequence: header.serial * 2 }, { families: null, within: null });
  let silent = 0;
  const hear = (nodes: readonly Node[], facts: (node: Node) => readonly ToldFact[]): void => {
    const seen = new Set<string>();
    for (const node of nodes) {
      const number = text(node, 'LearnRefNumber');
      if (number === null || !/^[A-Za-z0-9 ]{1,12}$/.test(number)) {
        section.refuse(null);
        continue;
      }
      const reference = `${header.ukprn}/${number}`;
      try {
        if (seen.has(reference)) throw new Refused();
        seen.add(reference);
        const told = facts(node);
        // Read, and so what it said before is no longer said.
        if (told.length === 0) silent += 1;
        section.told(reference, told);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        section.refuse(reference);
      }
    }
  };
  hear(learners, (learner) => learnerFacts(learner, scope, header.yearEnds, places));
  hear(left, (learner) => destinationFacts(learner, scope, header.yearEnds, header.prepared));
  const sections = [section.build()];
  const fates = fatesOf(sections);
  return { refusedWhole: false, sections, fates: { ...fates, published: fates.published - silent, skipped: silent } };
}
