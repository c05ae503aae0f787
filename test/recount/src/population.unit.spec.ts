import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LATEST_RULES } from '@throughline/outcome-metrics';
import { MANIFEST_FILE, readSubmissions, writePopulation } from '@throughline/test-population';
import type { UntidinessLevel } from '@throughline/test-population';

import { compareCells, describeDifferences, parseCellText, recount } from './index.js';
import type { Cell, Cells } from './index.js';
import { platformFigures, SPEC_PARTNERS } from './testing/platform-figures.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'recount-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

const write = (untidiness: UntidinessLevel, people = 150) => writePopulation({ seed: 'spec', people, untidiness, directory });

/** Cells of one metric, added up over the dimensions that are left out. */
function added(cells: Cells, metric: string, dimensions: readonly (keyof Cell)[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [text, count] of cells) {
    const cell = parseCellText(text);
    if (cell.metric !== metric) continue;
    const key = dimensions.map((dimension) => String(cell[dimension])).join('|');
    sums.set(key, (sums.get(key) ?? 0) + count);
  }
  return new Map([...sums].sort());
}

describe('where every file is perfect', () => {
  it('all referrals are knowable, with their month, district, programme and age', async () => {
    await write('perfect');
    const { knowable, lived, ambiguous } = recount(directory);
    const dimensions = ['month', 'district', 'programme', 'ageBand'] as const;
    expect(added(lived, 'referrals', dimensions).size).toBeGreaterThan(50);
    expect(added(knowable, 'referrals', dimensions)).toEqual(added(lived, 'referrals', dimensions));
    expect(ambiguous).toBe(0);
  });

  it('no record is refused', async () => {
    await write('perfect');
    const { fates } = recount(directory, { knowableOnly: true });
    expect([...fates].filter(([, fate]) => fate === null || fate.refused > 0)).toEqual([]);
  });
});

describe('where files are untidy', () => {
  it('refuses whole just what the generator spoilt, and no fact has two words of one clock', async () => {
    await write('untidy', 300);
    const { fates, ambiguous } = recount(directory, { knowableOnly: true });
    const spoilt = new Set(readSubmissions(directory).filter((submission) => submission.refusedWhole).map((submission) => submission.file));
    expect(spoilt.size).toBeGreaterThan(4);
    expect(new Set([...fates].filter(([, fate]) => fate === null).map(([file]) => file))).toEqual(spoilt);
    expect(ambiguous).toBe(0);
  });

  it('knows the same in whatever order files arrive', async () => {
    await write('untidy');
    const before = recount(directory);
    const manifest = join(directory, MANIFEST_FILE);
    writeFileSync(manifest, readFileSync(manifest, 'utf8').trimEnd().split('\n').reverse().join('\n') + '\n');
    const after = recount(directory);
    expect(new Map([...after.knowable].sort())).toEqual(new Map([...before.knowable].sort()));
    expect(before.knowable.size).toBeGreaterThan(200);
  });

  it('gives the figures that the platform gives of the same facts', async () => {
    await write('untidy', 300);
    const options = { knowableOnly: true, partnersByDeployment: SPEC_PARTNERS };
    const [own, platform] = [recount(directory, options), recount(directory, { ...options, figures: platformFigures })];
    expect(describeDifferences(compareCells(platform.knowable, own.knowable))).toBe('');
    expect(own.knowable.size).toBeGreaterThan(500);
    // Every metric is among what is compared, but one: nobody here was paid before the first wage (see earnings.unit.spec.ts).
    const compared = LATEST_RULES.metrics.filter((id) => id !== 'earnings_outcome_evidence_insufficient');
    expect(new Set([...own.knowable.keys()].map((cell) => parseCellText(cell).metric))).toEqual(new Set(compared));
  });

  it('no partner alone knows as many people’s jobs as all together', async () => {
    await write('ordinary');
    const { alone, knowable, lived } = recount(directory);
    const jobs = (cells: Cells): number => [...added(cells, 'into_work', []).values()].reduce((sum, count) => sum + count, 0);
    for (const cells of alone.values()) expect(jobs(cells)).toBeLessThan(jobs(knowable));
    expect(jobs(knowable)).toBeLessThan(jobs(lived));
  });
});
