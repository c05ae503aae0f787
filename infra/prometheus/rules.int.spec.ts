import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { stringify } from 'yaml';
import { findPromtool, promtool } from './promtool.js';
import { dashboardExpressions } from './watched-series.js';

const FETCH_MS = 120_000;

describe('Prometheus itself', () => {
  beforeAll(async () => void (await findPromtool()), FETCH_MS);

  it('takes the configurations and the rules', async () => {
    for (const file of ['prometheus.yml', 'prometheus.local.yml']) expect(await promtool('check', 'config', file)).toMatchObject({ ok: true });
    const { ok, output } = await promtool('check', 'rules', 'rules/throughline.rules.yml');
    expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining('SUCCESS: 9 rules found') });
  });

  it(
    'fires each alert when it should and not otherwise',
    async () => {
      const tests = (await readdir(join(import.meta.dirname, 'tests'))).map((file) => join('tests', file));
      const { ok, output } = await promtool('test', 'rules', ...tests);
      expect({ ok, failed: ok ? '' : output }).toEqual({ ok: true, failed: '' });
    },
    FETCH_MS,
  );

  it('understands every expression of the dashboards', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
    try {
      const file = join(folder, 'dashboard.rules.yml');
      const rules = dashboardExpressions().map(({ expr }, at) => ({ record: `panel_${at}`, expr }));
      await writeFile(file, stringify({ groups: [{ name: 'dashboard', rules }] }));
      const { ok, output } = await promtool('check', 'rules', file);
      expect({ ok, output }).toEqual({ ok: true, output: expect.stringContaining(`${rules.length} rules found`) });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
