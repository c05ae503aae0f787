import { unverifiedNumbersOf } from '../metrics/registry.js';
import type { OutcomeMetric } from '../metrics/outcome-metric.js';
import type { RuleNumberName, RuleSet } from '../rules/index.js';

const row = (...cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(...head), row(...head.map(() => '---')), ...rows.map((cells) => row(...cells))].join('\n');

const code = (text: string): string => `\`${text}\``;
const verification = (verified: boolean): string => (verified ? 'verified' : '**not verified**');

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** The page that tells readers of the figures what is counted and by which numbers; written wholly from the rule data. */
export const renderRulesPage = (rules: RuleSet, metrics: readonly OutcomeMetric[]): string => {
  const numbers = Object.entries(rules.numbers) as [RuleNumberName, RuleSet['numbers'][RuleNumberName]][];
  const ages = rules.ageBands.bands.map(({ name, from }, index, all) => {
    const next = all[index + 1];
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
    '## Outcome metrics',
    table(
      ['metric', 'counts', 'dated', 'programme', 'numbers not verified'],
      metrics.map((metric) => [
        `${metric.title}<br>${code(metric.id)}`,
        sentence(metric.counts),
        sentence(metric.dated),
        metric.attributed ? 'attributed' : 'the one declared',
        unverifiedNumbersOf(metric, rules).map(code).join(', ') || 'none',
      ]),
    ),
    'An attributed figure counts under the latest-starting support still open on its date, else under the latest such referral, else under none.',
    '## Numbers',
    table(
      ['number', 'value', 'decides', 'citation', ''],
      numbers.map(([name, { value, unit, meaning, citation, verified }]) => [
        code(name),
        `${value} ${unit}`,
        meaning,
        citation,
        verification(verified),
      ]),
    ),
    ...orders.flatMap(({ title, rule, items }) => [
      `## ${title}`,
      `${rule.meaning} ${rule.citation} (${verification(rule.verified)})`,
      items.map((item, index) => `${index + 1}. ${code(item)}`).join('\n'),
    ]),
    '## Age bands',
    `${rules.ageBands.meaning} ${rules.ageBands.citation} (${verification(rules.ageBands.verified)})`,
    table(['band', 'completed years'], ages),
  ].join('\n\n')}\n`;
};
