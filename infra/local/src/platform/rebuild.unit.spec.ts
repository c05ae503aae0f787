import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { rebuild } from './rebuild.js';

interface Answer {
  readonly status: number;
  readonly body: object;
}

/** An outcomes service that answers the request to begin so, and then one status a look, the last again and again. */
async function outcomes(begun: Answer, ...looks: readonly (object | 'away')[]) {
  let asked = 0;
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (request.method === 'POST') return response.writeHead(begun.status).end(JSON.stringify(begun.body));
    const look = looks[Math.min(asked++, looks.length - 1)]!;
    if (look === 'away') return request.socket.destroy();
    return response.writeHead(200).end(JSON.stringify({ generations: [look].flat() }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests, [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve).closeAllConnections())) };
}

const begun = { status: 202, body: { generation: 4 } };
const shown = { generation: 3, current: true, progress: 1, reconciled: 1, held: [] };
const built = (progress: number, reconciled = 0, more = {}) => ({ generation: 4, current: false, progress, reconciled, held: [], ...more });

function progressSeen() {
  const seen: (string | number)[] = [];
  const start = (label: string) => {
    seen.push(label);
    return { update: (done: number) => void seen.push(done), finish: () => void seen.push('finished') };
  };
  return { seen, progress: { start } };
}

it('shows how far the log is read, then how many are computed, and ends when the new figures are shown', async () => {
  await using service = await outcomes(begun, [shown, built(0.25)], 'away', [shown, built(1, 0.5)], [{ ...shown, current: false }, built(1, 0.9, { current: true })], [built(1, 1, { current: true })]);
  const { seen, progress } = progressSeen();
  expect(await rebuild(service.url, { progress })).toBe(4);
  expect(seen).toEqual(['Generation 4: reading the log', 25, 100, 'finished', 'Generation 4: computing participants', 50, 90, 'finished']);
  expect(service.requests).toEqual(['POST /internal/rebuild', ...Array<string>(5).fill('GET /internal/generations')]);
});

it('tells once why it stands still', async () => {
  const held = { held: ['nhs/3: POSITION_OUTSIDE_LOG. Restore the topic.'] };
  await using service = await outcomes(begun, [shown, built(0.5, 0, held)], [shown, built(0.5, 0, held)], [built(1, 1, { current: true })]);
  const told: string[] = [];
  await rebuild(service.url, { tell: (line) => void told.push(line) });
  expect(told).toEqual(['It stands still until somebody acts: nhs/3: POSITION_OUTSIDE_LOG. Restore the topic.']);
});

it('asks to take the place of one that cannot become complete', async () => {
  await using service = await outcomes(begun, [built(1, 1, { current: true })]);
  await rebuild(service.url, { instead: 3 });
  expect(service.requests[0]).toBe('POST /internal/rebuild?instead=3');
});

it.each([
  ['another is being built', { status: 409, body: { code: 'REBUILD_UNDER_WAY', generation: 9 } }, /Generation 9 .*--instead 9/],
  ['it is refused', { status: 500, body: { code: 'STORE_UNREACHABLE' } }, /STORE_UNREACHABLE/],
])('says so where %s', async (_, answer, message) => {
  await using service = await outcomes(answer, []);
  await expect(rebuild(service.url)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringMatching(message) as string });
});

it('says which generations there are where the one whose place it is to take is not being built', async () => {
  await using service = await outcomes({ status: 409, body: { code: 'NOT_BEING_BUILT', generations: [{ generation: 3, current: true }, { generation: 4, current: false }] } }, []);
  await expect(rebuild(service.url, { instead: 99 })).rejects.toMatchObject({ code: 'SETTING_INVALID', message: 'Generation 99 is not being built; there are: 3 (shown), 4: to begin the next one, leave --instead out.' });
});

it('says so where another took its place', async () => {
  await using service = await outcomes(begun, [shown, built(0.5)], [shown, { ...built(0.1), generation: 5 }]);
  await expect(rebuild(service.url)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringMatching(/Generation 4 was dropped: generation 5/) as string });
});

it('names a service that is not there, and ends with its signal', async () => {
  const service = await outcomes(begun, [built(0.1)]);
  const stopping = new AbortController();
  const progress = { start: () => ({ update: () => stopping.abort(new Error('Ctrl-C')), finish: () => undefined }) };
  await expect(rebuild(service.url, { signal: stopping.signal, progress })).rejects.toThrow(/Ctrl-C|aborted/);
  await service[Symbol.asyncDispose]();
  await expect(rebuild(service.url)).rejects.toMatchObject({ code: 'NOT_REACHABLE' });
});
