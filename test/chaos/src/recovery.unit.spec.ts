import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SampleSubmission } from '@throughline/local';
import type { Sent } from './campaign.js';
import { recover } from './recovery.js';
import type { Anomaly } from './recovery.js';

const submission = (file: string, refusedWhole = false): SampleSubmission => ({
  file,
  deployment: 'nhs',
  feed: 'x',
  part: null,
  asOf: null,
  programme: null,
  fullExtract: false,
  mediaType: 'text/csv',
  refusedWhole,
});
const counts = { received: 3, published: 1, skipped: 1, refused: 1 };
const fates = { published: 1, skipped: 1, refused: 1 };

describe('what is found after the recovery window', () => {
  let server: Server;
  let url: string;
  /** What the adapter knows, by submission id. */
  const known = new Map<string, { state: string; counts: typeof counts | null }>();
  let shown: { key: string; count: number }[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url ?? '';
      const body = path === '/internal/cuts' ? { cut: 1 } : path === '/internal/cells' ? { cells: shown } : known.get(path.replace('/submissions/', ''));
      response.statusCode = body === undefined ? 404 : 200;
      response.end(JSON.stringify(body ?? {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => void server.close());

  beforeEach(() => {
    known.clear();
    known.set('a', { state: 'published', counts });
    shown = [{ key: 'cell', count: 2 }];
  });

  async function promisesBroken(sent: readonly Sent[], expected: typeof fates | null = fates): Promise<Anomaly['promise'][]> {
    const { anomalies } = await recover({
      sent,
      adapterUrl: () => url,
      outcomesUrl: url,
      counted: { knowable: new Map([['cell', 2]]), fates: new Map([['a.csv', expected]]) },
      signal: new AbortController().signal,
    });
    return anomalies.map(({ promise }) => promise);
  }
  const sent = (more: Partial<Sent> = {}): Sent[] => [{ submission: submission('a.csv'), ids: ['a', 'a'], refusals: [], ...more }];

  it('is nothing where all is as it must be', async () => {
    expect(await promisesBroken(sent())).toEqual([]);
  });

  it('is a lost receipt', async () => {
    known.clear();
    expect(await promisesBroken(sent())).toEqual(['receipt']);
  });

  it('is a second receipt for the same payload', async () => {
    expect(await promisesBroken(sent({ ids: ['a', 'b'] }))).toEqual(['same receipt']);
  });

  it('is a refusal of what was to be taken', async () => {
    expect(await promisesBroken(sent({ ids: [], refusals: [415] }))).toEqual(['refusal']);
  });

  it.each([
    ['a record without a fate', { state: 'published', counts: { ...counts, received: 4 } }, fates],
    ['a record refused that was not to be', { state: 'published', counts: { received: 3, published: 0, skipped: 1, refused: 2 } }, fates],
    ['a submission left held', { state: 'held', counts }, fates],
    ['a file published that was to be refused', { state: 'published', counts }, null],
  ])('is %s', async (_, view, expected) => {
    known.set('a', view);
    expect(await promisesBroken(sent(), expected)).toEqual(['fates']);
  });

  it('is a submission that was taken back and stands', async () => {
    known.set('a', { state: 'withdrawn', counts });
    expect(await promisesBroken(sent({ takenBack: true }))).toEqual([]);
    known.set('a', { state: 'rejected', counts });
    expect(await promisesBroken(sent({ takenBack: true }))).toEqual(['fates']);
  });

  it('is a cell too much, too little or too many', async () => {
    shown = [{ key: 'cell', count: 3 }, { key: 'another', count: 1 }];
    expect(await promisesBroken(sent())).toEqual(['cells', 'cells']);
    shown = [];
    expect(await promisesBroken(sent())).toEqual(['cells']);
  });
});
