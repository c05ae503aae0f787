import { LINKING_RULES_2026_1 } from '@throughline/identity';
import { LATEST_RULES } from '@throughline/outcome-metrics';
import type { IdentityFault, UntidinessLevel } from '@throughline/test-population';
import type { LevelReport, LinkageReport, MetricCost } from './linkage-report.js';
import { figuresDigest } from './figures-digest.js';
import { PAGE_CHECK } from './location.js';
import { falseOf, precisionOf, recallOf, recallOfLinkable } from './pairs.js';

const MEANINGS: Readonly<Record<UntidinessLevel, string>> = {
  perfect: 'perfect: nothing is wrong but what people do themselves, who marry and move',
  tidy: 'tidy',
  ordinary: 'ordinary: as met',
  untidy: 'untidy: bad',
};

const whole = (value: number): string => value.toLocaleString('en-GB');
const percent = (share: number): string => `${(Math.floor(share * 1_000) / 10).toFixed(1)} %`;
const row = (...cells: readonly (string | number)[]): string => `| ${cells.map((cell) => (typeof cell === 'number' ? whole(cell) : cell)).join(' | ')} |`;
const rule = (columns: number): string => `|---|${'--:|'.repeat(columns)}`;

/**
 * `docs/linkage.md`.
 * @param check the report of {@link PAGE_CHECK}.
 */
export function renderLinkagePage({ seed, people, lived, levels }: LinkageReport, check: LinkageReport): string {
  const faults = levels.at(-1)?.faults ?? [];
  const sources = [...new Set(levels.flatMap(({ pairs: { missed } }) => [...missed.keys()]))].sort();
  return [
    '<!-- Written by `npm run linkage-report`: change the generator, the linking or test/simulation/src/linkage-report, not this page. -->',
    '# Who is who, and what mistaking it costs',
    '',
    `Made by \`npm run linkage-report -- --seed ${seed} --people ${people}\`: ${whole(people)} invented people, whose partners' files go through the real adapters, tokens and linking (rules ${LINKING_RULES_2026_1.version}) in one process, beside the lives they were written from. The same command gives the same page. The files are invented: the shares of each fault are the generator's (\`test/population/src/untidiness.ts\`), not measured in any partner's data. The sample of \`npm start\` is \`ordinary\`.`,
    '',
    'A **subject** is a person as one source knows them. A pair of subjects is **true** where both are one life. Precision: of the pairs that linkage holds to be one person, those that are true. Recall: of the true pairs, those it holds to be one person. It is told twice, since one source carries no identifier at all: a row of the NCCIS extract names nobody, unless a council adds columns, and these files have none. A true pair with such a row is missed by design, not by linkage. **Recall where there are identifiers** leaves these pairs out.',
    '',
    '## How well it tells',
    '',
    row(...LEVEL_HEAD),
    rule(LEVEL_HEAD.length - 1),
    ...levels.map(levelRow),
    '',
    'Falsely joined, by what the two people are to each other:',
    '',
    row('files', 'twins', 'one family', 'strangers'),
    rule(3),
    ...levels.map(({ level, pairs: { falselyJoined } }) => row(level, falselyJoined.twins, falselyJoined.family, falselyJoined.strangers)),
    '',
    '## What is missed, and by what',
    '',
    'Each row: the same files once more with that one fault left out; how many missed pairs are then joined, and how many false ones are gone. Rows do not add up: a pair may be missed for two reasons, and either alone would do. A negative number: with the fault gone, something else comes to light (another slip that it hid, a contradiction that keeps a name from joining, a false join).',
    '',
    row('fault', ...levels.flatMap(({ level }) => [`${level}: missed`, `${level}: false`])),
    rule(levels.length * 2),
    ...faults.map(({ fault }) => row(fault.meaning, ...levels.flatMap((level) => costs(level, fault)))),
    '',
    'Missed pairs by the two sources:',
    '',
    row('sources', ...levels.map(({ level }) => level)),
    rule(levels.length),
    ...sources.map((feeds) => row(feeds, ...levels.map(({ pairs: { missed } }) => missed.get(feeds) ?? 0))),
    '',
    ...NOT_LINKED,
    '',
    '## What it costs each outcome metric',
    '',
    `Rules ${LATEST_RULES.version}, all cells of a metric added up. **Lived**: what truly happened. **Truly**: what partners told, put together by whom it is truly about: what perfect linking would show. **Linked**: put together by linkage. **+** and **−**: what single cells count too often and too seldom beside perfect linking; a count that stands under another month, district, programme, age band or priority group is one of each.`,
    '',
    ...levels.flatMap((report) => [`### ${report.level}`, '', ...metricTable(report, lived), '']),
    '## Whether this page is as old as its code',
    '',
    `The same over ${whole(PAGE_CHECK.people)} people, which takes seconds. A test repeats it: where a figure differs, the page has to be made again. The digest is of every figure of these files: pairs, sources and metrics.`,
    '',
    ...checkTable(check),
    '',
  ].join('\n');
}

/** Nothing is told of a fault that perfect files have not. */
function costs({ faults }: LevelReport, fault: IdentityFault): (string | number)[] {
  const cost = faults.find((each) => each.fault.id === fault.id);
  return cost === undefined ? ['', ''] : [cost.missed, cost.falselyJoined];
}

const LEVEL_HEAD = ['files', 'subjects', 'participants', 'true pairs', 'joined', 'missed', 'of these by design', 'falsely joined', 'precision', 'recall', 'recall where there are identifiers'];

const levelFigures = ({ subjects, participants, pairs }: LevelReport): (string | number)[] => [
  subjects,
  participants,
  pairs.true,
  pairs.joined,
  pairs.true - pairs.joined,
  pairs.true - pairs.linkable,
  falseOf(pairs.falselyJoined),
  percent(precisionOf(pairs)),
  percent(recallOf(pairs)),
  percent(recallOfLinkable(pairs)),
];

const levelRow = (report: LevelReport): string => row(MEANINGS[report.level], ...levelFigures(report));

/** What the small run came to. */
export const checkTable = ({ lived, levels }: LinkageReport): string[] => [
  row(...LEVEL_HEAD, 'digest'),
  rule(LEVEL_HEAD.length),
  ...levels.map((report) => row(report.level, ...levelFigures(report), `\`${figuresDigest(report, lived)}\``)),
];

function metricTable({ metrics }: LevelReport, lived: ReadonlyMap<string, number>): string[] {
  const line = ([metric, { truly, linked, drift }]: readonly [string, MetricCost]): string =>
    row(`\`${metric}\``, lived.get(metric) ?? (metric.endsWith('_evidence_insufficient') ? '–' : 0), truly, linked, drift.tooOften, drift.tooSeldom);
  return [row('metric', 'lived', 'truly', 'linked', '+', '−'), rule(5), ...[...metrics].map(line)];
}

/** What no rule joins, on purpose or for want of anything in common. */
const NOT_LINKED = [
  '## What is not linked',
  '',
  '- **Formats that share nothing.** An NHS record without a postcode that the others know, a council\'s row without a National Insurance number (a year of birth makes no token), an HMRC answer (no postcode) and an NHS referral, a college\'s destinations without its learners (a learner number, which nobody else has): nothing in the two can meet, however tidy. With people who moved or married between two records, that is what `perfect` misses. Rows of NCCIS are in the column *by design* above.',
  '- **The temporary learner number** 9999999999 joins nobody: it makes no token. Ten equal digits as an NHS number make none either, nor does anything that more subjects share than one person can be.',
  '- **The letter O for a 0** in a National Insurance number fails the format\'s check and makes no token: the facts flow, unlinked by it, and where the number is the record\'s own reference (DWP, HMRC) the record is refused. It is not put right by guessing: another letter in the same place is as likely a slip for another digit.',
  '- **Swapped names, short forms, two letters exchanged, a former name, a former home, a shop\'s postcode**: the rule for names wants surname, first word of the first name, date of birth and postcode alike. Only case, accents, apostrophes, hyphens and spaces are put right. Certain numbers join in spite of all of these.',
  '- **A name that would join what contradicts itself** (two dates of birth, two numbers of one kind): not one name in that closure joins. So it is with twins whose first names begin with the same word, once each has a number of their own; before that they are one person to whoever reads names.',
  '- **A relative\'s number** joins two people for certain, and is on the list of conflicts where dates of birth or other numbers differ: people split them ([who is who](runbooks/links.md)).',
];
