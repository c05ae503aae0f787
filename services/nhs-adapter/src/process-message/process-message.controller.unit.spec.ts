import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { serveAdapter } from '@throughline/adapter-kit';
import { asPayload, TestAdapter } from '@throughline/adapter-kit/testing';
import { NHS_ADAPTER } from '../nhs.adapter.js';
import { ProcessMessageController } from './process-message.controller.js';

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const JSON_MESSAGE = example('bars-referral-new.json');
const XML_MESSAGE = example('bars-referral-new.xml');
const HEADERS = {
  'content-type': 'application/fhir+json;version=1.0.0',
  'x-request-id': '5f2a9c1e-0d1b-4a77-8b1f-2f3f5d1f0a01',
  'x-correlation-id': '5f2a9c1e-0d1b-4a77-8b1f-2f3f5d1f0a02',
  'nhsd-target-identifier': Buffer.from('{"value":"2000099901","system":"https://fhir.nhs.uk/Id/dos-service-id"}').toString('base64'),
};

describe('the BaRS endpoint over HTTP', () => {
  const adapter = new TestAdapter(NHS_ADAPTER);
  let server: Awaited<ReturnType<typeof serveAdapter>>;

  beforeAll(async () => {
    const open = await adapter.restart();
    server = await serveAdapter(NHS_ADAPTER, open, { host: '127.0.0.1', port: 0 }, [ProcessMessageController]);
  });
  afterAll(async () => {
    await server.close();
    await adapter.dispose();
  });

  const post = (body: string | Buffer, headers: Readonly<Record<string, string>> = HEADERS): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> =>
    new Promise((resolve, reject) => {
      const sent = request(`${server.url}/$process-message`, { method: 'POST', headers }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks).toString() }));
      });
      // A refused sender may be cut off once the answer is out.
      sent.on('error', (error) => {
        if (!sent.writableEnded || (error as NodeJS.ErrnoException).code !== 'ECONNRESET') reject(error);
      });
      sent.end(body);
    });

  const submissionOf = (location: string | undefined): string => (location ?? '').replace('/submissions/', '');

  it('takes a message, durably, and publishes its referral once however often it is sent', async () => {
    const first = await post(JSON_MESSAGE);
    expect(first).toMatchObject({
      status: 200,
      headers: {
        'content-type': expect.stringContaining('application/fhir+json') as unknown,
        'x-request-id': HEADERS['x-request-id'],
        'x-correlation-id': HEADERS['x-correlation-id'],
      },
    });
    const submission = submissionOf(first.headers.location);
    expect(await adapter.open.intake.settled(submission)).toBe('published');
    const published = adapter.sink.records.length;
    expect(adapter.sink.events().map(({ type }) => type)).toEqual(['SubjectIdentified', 'ReferralMade', 'CircumstancesReported']);

    const [again, asXml] = await Promise.all([post(JSON_MESSAGE), post(XML_MESSAGE, { ...HEADERS, 'content-type': 'application/fhir+xml' })]);
    expect([again.status, submissionOf(again.headers.location), asXml.status]).toEqual([200, submission, 200]);
    expect(await adapter.open.intake.settled(submissionOf(asXml.headers.location))).toBe('published');
    expect(adapter.sink.records).toHaveLength(published);
  });

  it('answers what cannot be used with an outcome in the request’s format, and keeps nothing', async () => {
    const before = adapter.open.receipts.page(50, undefined).receipts.length;
    const refused = await post(XML_MESSAGE.replace('<code value="new"/>', '<code value="gone"/>'), { ...HEADERS, 'content-type': 'application/fhir+xml' });
    expect(refused).toMatchObject({ status: 400, headers: { 'content-type': 'application/fhir+xml' } });
    expect(refused.body).toContain('<expression value="MessageHeader.reason.coding.code"/>');
    const unsupported = await post(JSON_MESSAGE.replace('servicerequest-request"', 'booking-request"'));
    expect(unsupported.status).toBe(422);
    expect(JSON.parse(unsupported.body)).toMatchObject({ resourceType: 'OperationOutcome' });
    const { 'x-request-id': _, ...without } = HEADERS;
    expect((await post(JSON_MESSAGE, without)).status).toBe(400);
    expect(adapter.open.receipts.page(50, undefined).receipts).toHaveLength(before);
  });

  it('refuses a message that is too large', async () => {
    expect((await post(Buffer.alloc(5 * 1024 * 1024, ' '))).status).toBe(413);
  });

  it('says 503 and when to come again while as much is looked at as there is room for', async () => {
    const busy = new TestAdapter(NHS_ADAPTER, { slots: { slots: 1, waiting: 0, waitMs: 1 } });
    const open = await busy.restart();
    const other = await serveAdapter(NHS_ADAPTER, open, { host: '127.0.0.1', port: 0 }, [ProcessMessageController]);
    try {
      const look = await open.intake.validate(asPayload(JSON_MESSAGE), { feed: 'bars', mediaType: 'application/fhir+json' });
      const send = () => fetch(`${other.url}/$process-message`, { method: 'POST', headers: HEADERS, body: JSON_MESSAGE });
      const refused = await send();
      expect([refused.status, refused.headers.get('retry-after'), ((await refused.json()) as { resourceType: string }).resourceType]).toEqual([503, '10', 'OperationOutcome']);
      look.release();
      expect((await send()).status).toBe(200);
    } finally {
      await other.close();
      await busy.dispose();
    }
  });

  it('is described with the rest of the interface', async () => {
    const described = (await (await fetch(`${server.url}/openapi.json`)).json()) as { readonly paths: Record<string, unknown> };
    expect(Object.keys(described.paths)).toEqual(expect.arrayContaining(['/$process-message', '/submissions']));
  });
});
