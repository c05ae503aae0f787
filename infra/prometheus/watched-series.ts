import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** A PromQL expression and where it stands. */
export interface Expression {
  readonly place: string;
  readonly expr: string;
}

/** An alert as its rule file declares it. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const FOLDER = import.meta.dirname;
const DASHBOARDS = join(FOLDER, '..', 'grafana', 'dashboards');

/** Every alert of every rule file. */
export function alertRules(): AlertRule[] {
  return readdirSync(join(FOLDER, 'rules')).flatMap((file) => {
    const { groups } = parse(readFileSync(join(FOLDER, 'rules', file), 'utf8')) as { groups: { rules: AlertRule[] }[] };
    return groups.flatMap(({ rules }) => rules);
  });
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

/** Every expression of every panel of every dashboard. */
export function dashboardExpressions(): Expression[] {
  return readdirSync(DASHBOARDS).flatMap((file) => {
    const { panels } = JSON.parse(readFileSync(join(DASHBOARDS, file), 'utf8')) as { panels: Panel[] };
    return panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ place: `${file}: ${title}`, expr })));
  });
}

/** Names of series in an expression. Histograms appear under their parts; the part's ending is dropped. */
export const seriesIn = (expr: string): string[] =>
  [...expr.matchAll(/\b(?:throughline|process|nodejs)_[a-z_]+|\bup\b/g)].map(([name]) => name.replace(/(?<=_seconds)_(?:bucket|sum|count)$/, ''));

/** Labels that an expression groups, joins or selects by. */
export function labelsIn(expr: string): string[] {
  const lists = [...expr.matchAll(/\b(?:by|on|without|ignoring)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(','));
  const matchers = [...expr.matchAll(/\{([^}]*)\}/g)].flatMap(([, list = '']) => [...list.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)/g)].map(([, name = '']) => name));
  return [...lists, ...matchers].map((label) => label.trim()).filter((label) => label !== '');
}
