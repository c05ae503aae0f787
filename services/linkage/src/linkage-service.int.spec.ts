import 'reflect-metadata';
import { ensureTopics } from '@throughline/event-bus';
import { liveTopics } from '@throughline/event-contracts';
import { freshName } from '@throughline/servers';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { randomBytes } from 'node:crypto';
import { LinkageService } from './linkage-service.js';

const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
// A numbered database of its own: generations have one name in each.
const redisUrl = `${process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379'}/14`;
const deployment = freshName('council');

let service: LinkageService;
let address: string;
beforeAll(async () => {
  await ensureTopics({ brokers, topics: liveTopics([deployment]) });
  service = new LinkageService({
    settings: { brokers, redisUrl, platformKey: randomBytes(32), rotations: [], host: '127.0.0.1', port: 0, telemetryHost: '127.0.0.1', telemetryPort: 0, logLevel: 'silent', deployments: [deployment] },
    logger: createLogger({ service: 'linkage', level: 'silent' }),
    telemetry: createTelemetry({ service: 'linkage', kind: 'linkage', build: { version: '0', revision: 'test' }, runtimeSeries: false }),
    onCrash: (error) => {
      throw error;
    },
  });
  address = `http://127.0.0.1:${await service.start()}`;
}, 60_000);
afterAll(() => service?.stop());

it.each([
  ['GET', '/', 404, 'no-such-route'],
  ['GET', '/internal/links/people/nobody', 400, 'REQUEST_INVALID'],
  ['POST', '/internal/links/preview', 400, 'bad-request'],
])('answers %s %s as a problem', async (method, path, status, code) => {
  const answer = await fetch(`${address}${path}`, { method, ...(method === 'POST' ? { headers: { 'content-type': 'application/json' }, body: '{' } : {}) });
  expect([answer.status, answer.headers.get('content-type')?.split(';')[0]]).toEqual([status, 'application/problem+json']);
  expect(await answer.json()).toMatchObject({ status, code, place: expect.any(String) as string, remedy: expect.any(String) as string });
});
