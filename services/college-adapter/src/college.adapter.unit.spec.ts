import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, conformanceSuite } from '@throughline/adapter-kit/testing';
import type { ExampleSubmission } from '@throughline/adapter-kit/testing';
import type { FaultCode, RefusalCode } from '@throughline/adapter-kit';
import { COLLEGE_ADAPTER } from './college.adapter.js';

const EXAMPLE = readFileSync(new URL('../examples/ilr-2025-26.xml', import.meta.url), 'utf8');
const DESTINATIONS = readFileSync(new URL('../examples/ilr-2023-24.xml', import.meta.url), 'utf8');
const LEARNER = /<Learner>[^]*?<\/Learner>\s*/g;

/** The example with only some of its learners, counted from 1. */
function onlyLearners(...kept: readonly number[]): string {
  let number = 0;
  return EXAMPLE.replace(LEARNER, (learner) => (kept.includes((number += 1)) ? learner : ''));
}

const ONE = onlyLearners(1);

const submission = (title: string, content: string): ExampleSubmission => ({ title, feed: 'ilr', mediaType: 'application/xml', content });
const whole = (title: string, code: RefusalCode, from: string | RegExp, to: string) => ({ ...submission(title, changed(ONE, from, to)), code });
const alone = (title: string, code: FaultCode, from: string | RegExp, to: string) => ({ ...submission(title, changed(ONE, from, to)), codes: { 1: code } });

// Three weeks on: one learner has left the file, one has lost the job, the last can be read now.
const LATER = changed(
  changed(onlyLearners(1, 2, 4, 5), '2026-03-06T17:45:10', '2026-03-27T17:45:10').replace('<EmpStat>10</EmpStat>\n      <DateEmpStatApp>2026-02-02', '<EmpStat>11</EmpStat>\n      <DateEmpStatApp>2026-02-02'),
  /(<DateEmpStatApp>2026-02-02<\/DateEmpStatApp>)[^]*?(<\/LearnerEmploymentStatus>)/,
  '$1$2',
).replace('<EmpStat>10</EmpStat>\n      <DateEmpStatApp>2025-08-25', '<EmpStat>12</EmpStat>\n      <DateEmpStatApp>2025-08-25');

// A month on: the first learner's job was another, the second is told to have had none, the fourth has begun to work.
const DESTINATIONS_LATER = changed(
  changed(
    changed(changed(DESTINATIONS, '2024-10-17T16:05:00', '2024-11-20T16:05:00'), '<OutStartDate>2024-04-15', '<OutStartDate>2024-04-22'),
    /(7700001056<\/ULN>\s*)<DPOutcome>[^]*?<\/DPOutcome>\s*/,
    '$1',
  ),
  '2024-10-10',
  '2024-11-18',
);

conformanceSuite(COLLEGE_ADAPTER, {
  good: [
    { ...submission('a return with destinations', DESTINATIONS), expected: { received: 6, published: 3, skipped: 2, refused: 1 } },
    { ...submission('the return with destinations a month on', DESTINATIONS_LATER), expected: { received: 6, published: 2, skipped: 3, refused: 1 } },
    { ...submission('a return', EXAMPLE), expected: { received: 5, published: 4, skipped: 0, refused: 1 } },
    { ...submission('the return three weeks on', LATER), expected: { received: 4, published: 2, skipped: 2, refused: 0 } },
    {
      ...submission('the same learners in another year', EXAMPLE.replaceAll('2025-26', '2024-25').replace('<Year>2526', '<Year>2425').replaceAll('EmpStatApp>2025', 'EmpStatApp>2024').replaceAll('EmpStatApp>2026', 'EmpStatApp>2025')),
      expected: { received: 5, published: 4, skipped: 0, refused: 1 },
    },
  ],
  badSubmissions: [
    whole('another namespace', 'wrong-namespace', 'ESFA/ILR/2025-26', 'SFA/ILR/2025-26'),
    whole('another document', 'not-this-format', /Message/g, 'FullPaymentSubmission'),
    whole('another collection', 'wrong-header', '<Collection>ILR', '<Collection>ESF'),
    whole('another year than the namespace says', 'wrong-header', '<Year>2526', '<Year>2324'),
    whole('two providers', 'wrong-header', '<UKPRN>19900001', '<UKPRN>19900009'),
    whole('no provider', 'wrong-header', /<LearningProvider>[^]*<\/LearningProvider>/, ''),
    whole('no serial number', 'wrong-header', '<SerialNo>03</SerialNo>', ''),
    whole('a clock that is none', 'wrong-header', '2026-03-06T17:45:10', '6 March 2026'),
    whole('no learner', 'empty', LEARNER, ''),
    whole('a DOCTYPE with an entity', 'doctype-forbidden', '<Message', '<!DOCTYPE m [<!ENTITY a "aaaa">]><Message'),
    whole('broken off', 'truncated', /<LearningDelivery>[^]*$/, '<LearningDelivery>'),
    whole('tags that do not match', 'malformed', '</GivenNames>', '</Givennames>'),
    { ...submission('another encoding', ''), content: Buffer.from(ONE, 'utf16le'), code: 'wrong-encoding' },
    { ...submission('nothing', ''), code: 'empty' },
    { ...submission('an instant that the format has itself', ONE), asOf: '2026-03-06T00:00:00Z', code: 'unknown-parameter' },
    { ...submission('a claim to be everything', ONE), fullExtract: 'true', code: 'unknown-parameter' },
  ],
  badRecords: [
    alone('no learner reference', 'missing-field', /<LearnRefNumber>.*<\/LearnRefNumber>/, ''),
    alone('a learner reference too long', 'bad-format', 'LWN0001', 'LWN0001234567'),
    alone('no ULN', 'missing-field', /<ULN>.*<\/ULN>/, ''),
    alone('a birthday that does not exist', 'bad-date', '1998-11-23', '1998-02-29'),
    alone('an unknown employment status', 'bad-code', '<EmpStat>11', '<EmpStat>14'),
    alone('a status of next year', 'date-out-of-range', '2026-02-02', '2026-09-01'),
    alone('two statuses of one day', 'conflicting-fields', '2026-02-02', '2025-10-13'),
    alone('a paid job without its hours band', 'missing-field', /<EmploymentStatusMonitoring>\s*<ESMType>EII[^]*?<\/EmploymentStatusMonitoring>/, ''),
    alone('out of work with hours', 'conflicting-fields', '<ESMType>LOU', '<ESMType>EII'),
    alone('an unknown benefit', 'bad-code', /(BSI<\/ESMType>\s*<ESMCode>)4/, '$199'),
    alone('no learning', 'missing-field', /<LearningDelivery>[^]*<\/LearningDelivery>/, ''),
    alone('learning that ends before it starts', 'conflicting-fields', '2025-12-12', '2025-09-01'),
    alone('an unknown completion status', 'bad-code', '<CompStatus>2', '<CompStatus>5'),
    alone('a fund model that is no number', 'bad-number', '<FundModel>38', '<FundModel>AEB'),
    ...([
      ['a learner who left without ULN', 'missing-field', '<ULN>7700001056</ULN>', ''],
      ['an unknown destination', 'bad-code', '<OutCode>5', '<OutCode>9'],
      ['a destination collected after the file', 'date-out-of-range', /(2024-01-31<\/OutEndDate>\s*<OutCollDate>)2024-02-12/, '$12024-10-18'],
      ['destinations of one learner twice', 'duplicate-record', 'LWN0087', 'LWN0101'],
    ] as const).map(([title, code, from, to]) => ({ ...submission(title, changed(DESTINATIONS, from, to)), codes: { 3: code, 6: 'conflicting-fields' as const } })),
    { ...submission('one learner twice', changed(onlyLearners(1, 2), 'LWN0002', 'LWN0001')), codes: { 2: 'duplicate-record' } },
  ],
  identifiers: [
    ...['LWN0001', 'LWN0002', 'LWN0003', 'LWN0004', 'LWN0005'],
    ...['LWN0101', 'LWN0087', '7700001021', '7700001056', 'Thistlewood', 'Perpetua', '1994-06-19'],
    ...['7700001005', '7700001049', '7700001013', 'JX402915B', 'QQ402916C'],
    ...['Quillfeather', 'Odile', 'Brackenhurst', 'Østergaard-Pym', 'Varnsdorf', 'Hollowmere'],
    ...['1998-11-23', '1971-02-04', '2006-05-30', '1989-07-17', '2001-12-09'],
    ...['ZA1 1AA', 'ZA3 1AB', 'ZA2 1AA', '987000001'],
  ],
  docsPage: fileURLToPath(new URL('../../../docs/partners/college.md', import.meta.url)),
});
