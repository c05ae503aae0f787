import { metricsOf, unverifiedRulesOf } from '../metrics/registry.js';
import type { RuleSet } from '../rules/index.js';
import { JOB_CASES } from './job-cases.js';

const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const code = (text: string): string => `\`${text}\``;
const verification = (verified: boolean): string => (verified ? 'verified' : '**not verified**');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
const pounds = (pence: number): string => `£${(pence / 100).toFixed(2)}`;

interface Provenance {
  readonly meaning: string;
  readonly citation: string;
  readonly verified: boolean;
}
const provenance = ({ meaning, citation, verified }: Provenance): string => `${meaning} ${citation} (${verification(verified)})`;

const CHOICES = ['selfEmploymentApart', 'hoursUntold', 'uncertainAge', 'earningsRateDate'] as const;
const TABLES = ['sources', 'priorityGroups', 'ageBands', 'payPeriods', 'minimumWage', 'realLivingWage'] as const;

/** What a table says, whoever says so. */
const contentOf = (stated: RuleSet[(typeof TABLES)[number]]): string => JSON.stringify({ ...stated, meaning: '', citation: '', verified: '' });

const verifiedIn = (rules: RuleSet): ReadonlyMap<string, boolean> =>
  new Map([...Object.entries(rules.numbers), ...[...CHOICES, ...TABLES].map((name) => [name, rules[name]] as const)].flatMap(([name, stated]) => (stated === undefined ? [] : [[name, stated.verified]])));

/** What one version counts or states otherwise than the one before it. */
function changesSince(before: RuleSet, rules: RuleSet): readonly string[] {
  const added = rules.metrics.filter((id) => !before.metrics.includes(id));
  const left = before.metrics.filter((id) => !rules.metrics.includes(id));
  // What only a metric counted for the first time reads goes without saying.
  const numbers = Object.entries(rules.numbers).filter(([name, number]) => (before.numbers[name as keyof RuleSet['numbers']]?.value ?? number?.value) !== number?.value);
  const choices = CHOICES.filter((name) => (before[name]?.value ?? rules[name]?.value) !== rules[name]?.value);
  const tables = TABLES.filter((name) => before[name] !== undefined && contentOf(rules[name]) !== contentOf(before[name]));
  const [was, is] = [verifiedIn(before), verifiedIn(rules)];
  const marked = (verified: boolean): readonly string[] => [...is].filter(([name, value]) => value === verified && was.get(name) === !verified).map(([name]) => code(name));
  return [
    ...(added.length > 0 ? [`counts ${added.map(code).join(', ')} as well`] : []),
    ...(left.length > 0 ? [`no longer counts ${left.map(code).join(', ')}`] : []),
    ...numbers.map(([name, number]) => `${code(name)} is ${number === undefined ? 'not stated' : `${number.value} ${number.unit}`}`),
    ...choices.map((name) => `${code(name)} is ${String(rules[name]?.value ?? 'not stated')}`),
    ...tables.map((name) => `${code(name)} is another table`),
    ...(marked(true).length > 0 ? [`now verified: ${marked(true).join(', ')}`] : []),
    ...(marked(false).length > 0 ? [`no longer called verified: ${marked(false).join(', ')}`] : []),
  ];
}

const versions = (all: readonly RuleSet[]): string =>
  table(
    ['version', 'what is otherwise than before'],
    all.map((rules, index) => {
      const before = all[index - 1];
      return [code(rules.version), before === undefined ? 'the first' : changesSince(before, rules).join('; ') || 'nothing'];
    }),
  );

const choices = (rules: RuleSet): string =>
  table(
    ['choice', 'value', 'decides', 'citation', ''],
    CHOICES.flatMap((name) => {
      const choice = rules[name];
      return choice === undefined ? [] : [[code(name), String(choice.value), choice.meaning, choice.citation, verification(choice.verified)]];
    }),
  );

const payPeriods = ({ payPeriods: periods }: RuleSet): readonly string[] =>
  periods === undefined
    ? []
    : ['## Whole pay periods', provenance(periods), table(['frequency', 'days'], Object.entries(periods.days).map(([frequency, days]) => [code(frequency), String(days)]))];

/** A column for all who always had one rate in common, oldest first. */
function wagesByAge({ rates }: NonNullable<RuleSet['minimumWage']>): string {
  const ages = [...new Set(rates.flatMap(({ byAge }) => byAge.map(({ from }) => from)))].sort((a, b) => a - b);
  const columns = ages.map((from, index) => ({ from, next: ages[index + 1] })).reverse();
  return table(
    ['from', ...columns.map(({ from, next }) => (next === undefined ? `${from} and over` : from === 0 ? `under ${next}` : `${from} to ${next - 1}`))],
    rates.map(({ from, byAge }) => [from, ...columns.map((column) => pounds(byAge.findLast((band) => band.from <= column.from)?.pence ?? 0))]),
  );
}

function wages({ minimumWage, realLivingWage }: RuleSet): readonly string[] {
  return [
    ...(minimumWage === undefined
      ? []
      : [
          '## Statutory wages',
          provenance(minimumWage),
          wagesByAge(minimumWage),
        ]),
    ...(realLivingWage === undefined
      ? []
      : [
          '## Real Living Wage',
          provenance(realLivingWage),
          table(
            ['from', 'London', 'elsewhere'],
            realLivingWage.rates.map(({ from, london, elsewhere }) => [from, pounds(london), pounds(elsewhere)]),
          ),
        ]),
  ];
}

/**
 * The page that tells readers of the figures what is counted and by which numbers; written wholly from the rule data.
 *
 * @param rules the version described
 * @param all every version, oldest first
 */
export const renderRulesPage = (rules: RuleSet, all: readonly RuleSet[]): string => {
  const ages = rules.ageBands.bands.map(({ name, from }, index, bands) => {
    const next = bands[index + 1];
    return [code(name), next === undefined ? `${from} and over` : `${from} to ${next.from - 1}`];
  });
  const orders = [
    { title: 'Order of sources', rule: rules.sources, items: rules.sources.order },
    { title: 'Order of priority groups', rule: rules.priorityGroups, items: rules.priorityGroups.order },
  ];
  return `${[
    '<!-- Written by `npm run rules` from the rule data and the metrics\' own declarations: change those, not this page. -->',
    '# What is counted',
    `Rules ${code(rules.version)}. A number marked as not verified is a working rule: nobody could check it at a published source, and the feed says so beside every figure that it decides. How facts become figures, edge by edge, is in [decision 0004](decisions/0004-figures.md).`,
    '## Versions',
    `A version is never changed once figures were counted under it. A deployment chooses one by ${code('OUTCOME_RULES')} (else the latest); another one is counted into a new generation beside the present figures, which are shown until it is complete. ${code(`npm run rules:diff -- ${all.slice(-2).map(({ version }) => version).join(' ')}`)} says what differs, cell by cell.`,
    versions(all),
    '## Outcome metrics',
    table(
      ['metric', 'counts', 'dated', 'programme', 'not verified'],
      metricsOf(rules).map((metric) => [
        `${metric.title}<br>${code(metric.id)}`,
        sentence(metric.counts),
        sentence(metric.dated),
        metric.attributed ? 'attributed' : 'the one declared',
        unverifiedRulesOf(metric, rules).map(code).join(', ') || 'none',
      ]),
    ),
    'An attributed figure counts under the latest-starting support still open on its date, else under the latest such referral, else under none.',
    '## Which facts are one job',
    `Each row is proved by the test of its name, in ${code('libs/outcome-metrics/src/rules-page/job-cases.unit.spec.ts')}.`,
    table(
      ['', 'what is told', 'what is counted', 'why'],
      JOB_CASES.map(({ id, told, counted, why }) => [id, sentence(told), sentence(counted), sentence(why)]),
    ),
    '## Numbers',
    table(
      ['number', 'value', 'decides', 'citation', ''],
      Object.entries(rules.numbers).flatMap(([name, number]) =>
        number === undefined ? [] : [[code(name), `${number.value} ${number.unit}`, number.meaning, number.citation, verification(number.verified)]],
      ),
    ),
    '## Choices',
    choices(rules),
    ...payPeriods(rules),
    ...wages(rules),
    ...orders.flatMap(({ title, rule, items }) => [
      `## ${title}`,
      provenance(rule),
      items.map((item, index) => `${index + 1}. ${code(item)}`).join('\n'),
    ]),
    '## Age bands',
    provenance(rules.ageBands),
    table(['band', 'completed years'], ages),
  ].join('\n\n')}\n`;
};
