import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LABELS, SERIES } from '@throughline/telemetry';
import type { LabelName } from '@throughline/telemetry';
import { SERVICES } from '@throughline/local';
import { parse } from 'yaml';
import { alertRules, dashboardExpressions, labelsIn, seriesIn } from './watched-series.js';

const FOLDER = import.meta.dirname;
const ALERTS = alertRules();
const EXPRESSIONS = [...ALERTS.map(({ alert, expr }) => ({ place: alert, expr })), ...dashboardExpressions()];
const RUNTIME_SERIES = new Set(['up', 'process_resident_memory_bytes']);
const BY_NAME = new Map(Object.values(SERIES).map((series) => [series.name as string, series]));
/** Given by Prometheus or to every series of a process. */
const EVERYWHERE = ['service', 'instance', 'job', 'component', 'le'];

describe('alerts and dashboard', () => {
  it.each(EXPRESSIONS)('$place uses series and labels that exist', ({ expr }) => {
    const names = seriesIn(expr);
    expect(names).not.toEqual([]);
    const labels = new Set(EVERYWHERE);
    for (const name of names) {
      if (RUNTIME_SERIES.has(name)) continue;
      expect([...BY_NAME.keys()]).toContain(name);
      for (const label of BY_NAME.get(name)?.labels ?? []) labels.add(label);
    }
    for (const label of labelsIn(expr)) expect([...labels]).toContain(label);
  });

  it('use label values that exist', () => {
    for (const { place, expr } of EXPRESSIONS) {
      for (const [, label = '', values = ''] of expr.matchAll(/([a-z_]+)=~?"([^"]*)"/g)) {
        const set = LABELS[label as LabelName] as object | undefined;
        if (set === undefined || !('values' in set)) continue;
        for (const value of values.split('|')) expect({ place, known: set.values }).toEqual({ place, known: expect.arrayContaining([value]) });
      }
    }
  });

  it('leave no series unwatched', () => {
    const watched = new Set(EXPRESSIONS.flatMap(({ expr }) => seriesIn(expr)));
    expect([...BY_NAME.keys()].filter((name) => !watched.has(name))).toEqual([]);
  });
});

describe('alerts', () => {
  it('are the nine that operations staff are promised', () => {
    expect(ALERTS.map(({ alert }) => alert)).toEqual([
      'PartnerSilent',
      'ConsumerLag',
      'SpoolAge',
      'DeadLetters',
      'ViewIncomplete',
      'DiskFilling',
      'ConsumerStopped',
      'MarksTooOld',
      'SubmissionHeld',
    ]);
  });

  const runbook = readFileSync(join(FOLDER, '..', '..', 'docs', 'runbooks', 'alerts.md'), 'utf8');
  const entries = new Map(runbook.split(/^## /m).slice(1).map((entry) => [entry.slice(0, entry.indexOf('\n')), entry] as const));

  it.each(ALERTS)('$alert says who acts, links its entry, and the entry says what to do', ({ alert, labels, annotations }) => {
    expect(['page', 'ticket']).toContain(labels['severity']);
    expect(annotations['summary']).toMatch(/\.$/);
    expect(annotations['runbook']).toBe(`docs/runbooks/alerts.md#${alert.toLowerCase()}`);
    const entry = entries.get(alert);
    for (const part of ['**Meaning.**', '**First look.**', '**Remedy.**']) expect(entry).toContain(part);
  });

  it('have no runbook entry left over, and the runbook names no series that is not there', () => {
    expect([...entries.keys()].sort()).toEqual(ALERTS.map(({ alert }) => alert).sort());
    for (const name of seriesIn(runbook)) expect([...BY_NAME.keys()]).toContain(name);
  });

  it('each have a test that sees them fire and one that sees them stay silent', () => {
    interface RuleTest {
      readonly tests: readonly { readonly alert_rule_test: readonly { readonly alertname: string; readonly exp_alerts: readonly unknown[] }[] }[];
    }
    const cases = readdirSync(join(FOLDER, 'tests')).flatMap((file) =>
      (parse(readFileSync(join(FOLDER, 'tests', file), 'utf8')) as RuleTest).tests.flatMap((test) => test.alert_rule_test),
    );
    for (const { alert } of ALERTS) {
      const own = cases.filter(({ alertname }) => alertname === alert);
      expect({ alert, fires: own.some((test) => test.exp_alerts.length > 0), silent: own.some((test) => test.exp_alerts.length === 0) }).toEqual({ alert, fires: true, silent: true });
    }
  });
});

describe('the scrape configurations', () => {
  interface Scrape {
    readonly scrape_configs: readonly { readonly static_configs: readonly { readonly labels: { readonly component: string }; readonly targets: readonly string[] }[] }[];
  }
  it.each([
    ['prometheus.yml', (name: string) => name],
    ['prometheus.local.yml', () => '127.0.0.1'],
  ])('%s has every service at its telemetry port', (file, host) => {
    const { scrape_configs: jobs } = parse(readFileSync(join(FOLDER, file), 'utf8')) as Scrape;
    const targets = jobs.flatMap(({ static_configs: groups }) => groups.flatMap(({ labels, targets: own }) => own.map((target) => `${labels.component} ${target}`)));
    const expected = SERVICES.map(({ name, telemetryPort, adapter }) => `${adapter === undefined ? 'consumer' : 'adapter'} ${host(name)}:${telemetryPort}`);
    expect(targets.sort()).toEqual(expected.sort());
  });
});
