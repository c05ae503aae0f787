import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeAdapter } from '../docs/describe-adapter.js';
import { conformanceSuite } from './conformance.js';
import { leaksOf } from './leak-scan.js';
import { TOY_ADAPTER, toyPayload } from './toy-adapter.js';
import type { ToySection } from './toy-adapter.js';

const folder = mkdtempSync(join(tmpdir(), 'toy-page-'));
const docsPage = join(folder, 'toy.md');
writeFileSync(docsPage, describeAdapter(TOY_ADAPTER));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const section = (at: string, records: ToySection['records']): ToySection => ({ at, scope: 'scope-of-Ottilie', absence: { speaks: true }, records });
const request = { feed: 'toy', mediaType: 'application/x-ndjson' };
const fact = (value: number) => ({ key: 'k', day: '2026-03-01', value });

conformanceSuite(TOY_ADAPTER, {
  good: [
    {
      ...request,
      title: 'a snapshot',
      content: toyPayload(section('2026-05-01T00:00:00Z', [{ reference: 'Ottilie', facts: [fact(1)], nino: 'AB123456C' }, { reference: 'Berengar', facts: [fact(2)] }])),
      expected: { received: 2, published: 2, skipped: 0, refused: 0 },
    },
    {
      ...request,
      title: 'the next',
      content: toyPayload(section('2026-06-01T00:00:00Z', [{ reference: 'Berengar', facts: [fact(2)] }, { reference: 'Notker', facts: [] }])),
      expected: { received: 2, published: 0, skipped: 2, refused: 0 },
    },
  ],
  badSubmissions: [{ ...request, title: 'cut off', content: toyPayload(section('2026-05-01T00:00:00Z', [])).slice(0, -9), code: 'truncated' }],
  badRecords: [
    {
      ...request,
      title: 'a bad code',
      content: toyPayload(section('2026-05-01T00:00:00Z', [{ reference: 'Adalbert', fault: 'mapping', facts: [] }, { reference: 'Ottilie', facts: [fact(1)], nino: 'QQ123456C' }])),
      codes: { 1: 'bad-code', 2: 'identifier-check-failed' },
    },
  ],
  identifiers: ['Ottilie', 'Berengar', 'Notker', 'Adalbert', 'AB123456C', 'QQ123456C'],
  docsPage,
});

describe('the leak scan', () => {
  it.each(['plain', 'upper', 'hex', 'base64 at 0', 'base64 at 1', 'base64 at 2', 'url'])('finds %s', (form) => {
    const value = 'Zoë Ottilie';
    const forms: Record<string, string> = {
      plain: `x ${value}`,
      upper: value.toUpperCase(),
      hex: Buffer.from(value).toString('hex'),
      'base64 at 0': Buffer.from(`${value}, and more`).toString('base64'),
      'base64 at 1': Buffer.from(`1${value}, and more`).toString('base64'),
      'base64 at 2': Buffer.from(`12${value}, and more`).toString('base64'),
      url: `?q=${encodeURIComponent(value)}`,
    };
    expect(leaksOf([value], new Map([['there', Buffer.from(forms[form]!)]]))).not.toEqual([]);
    expect(leaksOf([value], new Map([['there', Buffer.from('nothing of the kind')]]))).toEqual([]);
  });
});
