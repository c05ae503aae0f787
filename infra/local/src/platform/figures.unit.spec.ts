import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeCut } from './figures.js';

/** An outcomes service that gives these answers, one a request and the last again and again. */
async function outcomes(...answers: readonly { readonly status: number; readonly body: object }[]) {
  let asked = 0;
  const server = createServer((_, response) => {
    const { status, body } = answers[Math.min(asked++, answers.length - 1)]!;
    response.writeHead(status).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked, [Symbol.asyncDispose]: async () => void (await new Promise((resolve) => server.close(resolve).closeAllConnections())) };
}

const reading = (progress: number) => ({ status: 503, body: { code: 'VIEW_INCOMPLETE', progress } });

test('a cut waits, and says how far, while the log has yet to be read', async () => {
  await using service = await outcomes(reading(0), reading(0.505), { status: 201, body: { cut: 3, cells: 7 } });
  const seen: (string | number)[] = [];
  const progress = {
    start(label: string, total: number, unit: string) {
      seen.push(label, total, unit);
      return { update: (done: number) => void seen.push(done), finish: () => void seen.push('finished') };
    },
  };
  expect(await takeCut(service.url, { progress })).toEqual({ cut: 3, cells: 7 });
  expect(seen).toEqual(['Reading the log into the figures', 100, '%', 0, 50, 'finished']);
});

test('any other refusal is one, at once', async () => {
  await using service = await outcomes({ status: 503, body: { code: 'CUT_TIMED_OUT' } });
  await expect(takeCut(service.url)).rejects.toMatchObject({ code: 'SERVICE_FAILED', message: expect.stringContaining('CUT_TIMED_OUT') as string });
  expect(service.asked()).toBe(1);
});

test('waiting ends with its signal', async () => {
  await using service = await outcomes(reading(0.1));
  const stopping = new AbortController();
  const progress = { start: () => ({ update: () => stopping.abort(new Error('Ctrl-C')), finish: () => undefined }) };
  await expect(takeCut(service.url, { signal: stopping.signal, progress })).rejects.toThrow(/Ctrl-C|aborted/);
});

test('no service is named', async () => {
  const service = await outcomes(reading(0));
  await service[Symbol.asyncDispose]();
  await expect(takeCut(service.url)).rejects.toMatchObject({ code: 'NOT_REACHABLE' });
});
