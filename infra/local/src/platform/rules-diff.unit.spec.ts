import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rulesDiff } from './rules-diff.js';

/** An outcomes service that begins so, and then answers each look, the last again and again. */
async function outcomes(status: number, ...looks: readonly object[]) {
  let asked = 0;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.method === 'POST') return response.writeHead(status).end(JSON.stringify({ code: 'UNKNOWN_RULES' }));
    return response.writeHead(200).end(JSON.stringify(looks[Math.min(asked++, looks.length - 1)]));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve).closeAllConnections())) };
}

const versions = { before: '2026.1', after: '2026.2' };
const cell = { metric: 'job_starts', month: '2026-05', district: 'E08000003', programme: '=1+1', age_band: '25-49', priority_group: 'none', agreements: 'dsa-a,dsa-b', before: 5, after: 7 };
const done = {
  state: 'done', ...versions, cells: 1_200, differences: [cell],
  rows: [{ metric: 'job_starts', authority: 'E47000001', name: 'Greater Manchester', before: 1_500, after: 1_502, cells: 1 }],
};

it('waits until both versions are counted, and prints what differs by metric and authority', async () => {
  await using service = await outcomes(202, { state: 'building', progress: 0.5 }, done);
  const text = await rulesDiff(service.url, versions);
  expect(service.requests).toEqual(['POST /internal/rules-diff?before=2026.1&after=2026.2', 'GET /internal/rules-diff', 'GET /internal/rules-diff']);
  expect(text).toMatch(/^job_starts +Greater Manchester +1,500 +1,502 +2 +1$/m);
  expect(text).toContain('1 of 1,200 cells differ between rules 2026.1 and 2026.2.');
});

it('writes every cell that differs where asked to, formulas as text', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-diff-'));
  try {
    await using service = await outcomes(202, done);
    const csv = join(folder, 'differences.csv');
    expect(await rulesDiff(service.url, { ...versions, csv })).toContain(csv);
    expect(readFileSync(csv, 'utf8').split('\r\n')).toEqual([
      'metric,month,district,programme,age_band,priority_group,agreements,before,after',
      "job_starts,2026-05,E08000003,'=1+1,25-49,none,\"dsa-a,dsa-b\",5,7",
      '',
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('refuses a file that cannot be written before anything is counted', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rules-diff-'));
  try {
    await using service = await outcomes(202, done);
    for (const csv of [join(folder, 'none', 'differences.csv'), folder]) {
      await expect(rulesDiff(service.url, { ...versions, csv })).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    }
    expect(service.requests).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it.each([
  ['is refused', 400, done, 'SERVICE_FAILED'],
  ['forgot what it was asked', 202, { state: 'none' }, 'SERVICE_FAILED'],
] as const)('says so where the service %s', async (_, status, look, code) => {
  await using service = await outcomes(status, look);
  await expect(rulesDiff(service.url, versions)).rejects.toMatchObject({ code });
});

it('says so where nothing differs', async () => {
  await using service = await outcomes(202, { ...done, rows: [], differences: [] });
  expect(await rulesDiff(service.url, versions)).toBe('0 of 1,200 cells differ between rules 2026.1 and 2026.2.\n');
});
