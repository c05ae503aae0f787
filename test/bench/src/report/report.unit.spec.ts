import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpuSecondsIn, cpuSecondsOf, cpuSecondsOfTree } from '../process/machine.js';
import { heldBytesIn } from '../process/redis-memory.js';
import { median, percentile } from './median.js';
import type { PageSpec } from './pages.js';
import { performanceFigures, performancePage } from './performance-page.js';
import type { RunFacts } from './performance-page.js';
import { tableOf } from './section.js';
import type { Section } from './section.js';

describe('figures of the bench', () => {
  it('takes the middle of its runs, whatever their order', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(() => median([])).toThrow(RangeError);
  });

  it('takes the value that so large a share does not exceed', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    expect(percentile(values, 0.5)).toBe(50);
    expect(percentile(values, 0.99)).toBe(99);
    expect(percentile(values, 1)).toBe(100);
  });

  it('counts what a process has started with it', async () => {
    const child = spawn('sh', ['-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo burnt; read -r end'], { stdio: ['pipe', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data');
      const burnt = cpuSecondsOf(child.pid!);
      expect(burnt).toBeGreaterThan(0);
      const own = cpuSecondsOf(process.pid);
      expect(cpuSecondsOfTree(process.pid)).toBeGreaterThanOrEqual(own + burnt);
      expect(cpuSecondsOfTree(child.pid!)).toBe(burnt);
    } finally {
      child.kill();
    }
  });

  it('reads processor time also of a process whose name holds spaces and brackets', () => {
    expect(cpuSecondsIn('42 (a (b) c) S 1 42 42 0 -1 4194304 10 0 0 0 150 50 20 30 20 0 11 0')).toBe(2.5);
  });
});

it('reads how much memory Redis uses for what it holds, and not how much it used at most', () => {
  expect(heldBytesIn('# Memory\r\nused_memory_peak:9\r\nused_memory:1234567\r\nused_memory_human:1.18M\r\nused_memory_startup:234567\r\n')).toBe(1_000_000);
  expect(() => heldBytesIn('# Memory\r\nused_memory:1\r\n')).toThrow(/memory/);
});

describe('the page of the bench', () => {
  const section: Section = {
    title: 'Publishing',
    method: 'As it says.',
    columns: ['', 'events/s'],
    rows: [['producer', '54,000']],
    verdicts: [{ target: 'at least 40,000', measured: '54,000', met: true }],
  };

  const spec: PageSpec = { file: 'docs/fictional', title: 'A page', parts: ['log'], onlyInFull: false, remarks: ['See elsewhere.'] };
  const facts: RunFacts = { machine: '2 × fictional', load: [0.1, 1.2], minutes: { log: 1.5, start: 2 }, command: 'npm run bench -- --date 2031-05-14', date: '2031-05-14' };

  it('says what was measured, on what, when, by which command and in what time', () => {
    const page = performancePage(spec, facts, [section]);
    for (const part of ['# A page', '2 × fictional', '0.1 to 1.2', '`npm run bench -- --date 2031-05-14`', '- Date: 2031-05-14', '- Took: 3.5 minutes (log 1.5, start 2.0)', 'See elsewhere.', '## Publishing', '- Met: at least 40,000. Measured: 54,000.']) {
      expect(page).toContain(part);
    }
  });

  it('says so where a target was missed', () => {
    const missed = { ...section, verdicts: [{ target: 'at least 40,000', measured: '12', met: false }] };
    expect(performancePage(spec, facts, [missed])).toContain('- Not met: at least 40,000. Measured: 12.');
  });

  it('gives machines the same figures, one line each', () => {
    const figure = { workload: 'w', contender: 'c', phase: 'cold', eventsPerSecond: 12, cpuSecondsPerMillion: 3.5, ratio: 2, target: 3, reached: false } as const;
    const text = performanceFigures(facts, [{ ...section, verdicts: [] }, { ...section, figures: [figure, figure] }]);
    expect(JSON.parse(text)).toEqual({ ...facts, figures: [figure, figure], targets: [{ section: 'Publishing', target: 'at least 40,000', measured: '54,000', reached: true }] });
  });

  it('lines up its columns', () => {
    expect(tableOf(section).split('\n')).toEqual(['|          | events/s |', '|----------|---------:|', '| producer |   54,000 |']);
  });
});
