import { readFileSync } from 'node:fs';
import { AdapterBusy, SpoolNotWritable } from '@throughline/adapter-kit';
import { TestAdapter } from '@throughline/adapter-kit/testing';
import { NHS_ADAPTER } from '../nhs.adapter.js';
import { processMessage } from './process-message.js';
import type { MessageAnswer, MessageIntake } from './process-message.js';

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const JSON_MESSAGE = example('bars-referral-new.json');
const XML_MESSAGE = example('bars-referral-new.xml');
const MAX_BYTES = 50_000;

const REQUEST_ID = '5f2a9c1e-0d1b-4a77-8b1f-2f3f5d1f0a01';
const CORRELATION_ID = '5f2a9c1e-0d1b-4a77-8b1f-2f3f5d1f0a02';
const target = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const HEADERS = {
  'content-type': 'application/fhir+json;version=1.0.0',
  'x-request-id': REQUEST_ID,
  'x-correlation-id': CORRELATION_ID,
  'nhsd-target-identifier': target({ value: '2000099901', system: 'https://fhir.nhs.uk/Id/dos-service-id' }),
};
const XML_HEADERS = { ...HEADERS, 'content-type': 'application/fhir+xml' };

const adapter = new TestAdapter(NHS_ADAPTER);
beforeAll(() => adapter.restart());
afterAll(() => adapter.dispose());
const kept = (): number => adapter.open.receipts.page(100).receipts.length;
const failing = (error: Error): MessageIntake => ({ acceptIfRight: () => Promise.reject(error) });

async function* bodyOf(text: string): AsyncGenerator<Uint8Array, void, void> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 4_096) yield bytes.subarray(at, at + 4_096);
}

const send = (text: string, headers: Readonly<Record<string, string | undefined>> = HEADERS): Promise<MessageAnswer> =>
  processMessage(adapter.open.intake, headers, bodyOf(text), MAX_BYTES);

interface Issue {
  readonly severity: string;
  readonly code: string;
  readonly details?: { readonly coding: readonly { readonly code: string }[] };
  readonly diagnostics: string;
  readonly expression?: readonly string[];
}
const issuesOf = ({ body }: MessageAnswer): readonly Issue[] => (JSON.parse(body) as { readonly issue: readonly Issue[] }).issue;

describe('POST $process-message', () => {
  it.each([
    ['JSON', JSON_MESSAGE, HEADERS, 'application/fhir+json'],
    ['XML', XML_MESSAGE, XML_HEADERS, 'application/fhir+xml'],
  ])('keeps a message sent as %s and says under which submission', async (_, message, headers, contentType) => {
    const answer = await send(message, headers);
    const [receipt] = adapter.open.receipts.page(1).receipts;
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'Content-Type': contentType,
        'X-Request-Id': REQUEST_ID,
        'X-Correlation-Id': CORRELATION_ID,
        Location: `/submissions/${receipt?.submission}`,
      },
    });
    expect(answer.body).toContain(receipt?.submission);
    expect(receipt?.bytes).toBe(Buffer.byteLength(message));
  });

  it.each([
    ['no request id', { 'x-request-id': undefined }, 400, ['required'], ['http.x-request-id']],
    ['a request id that is no UUID', { 'x-request-id': '17' }, 400, ['value'], ['http.x-request-id']],
    ['no correlation id', { 'x-correlation-id': '' }, 400, ['required'], ['http.x-correlation-id']],
    ['no target', { 'nhsd-target-identifier': undefined }, 400, ['required'], ['http.nhsd-target-identifier']],
    ['a target that is no Base64', { 'nhsd-target-identifier': '{"value":"1"}' }, 400, ['value'], ['http.nhsd-target-identifier']],
    ['a target without value', { 'nhsd-target-identifier': target({ system: 's' }) }, 400, ['value'], ['http.nhsd-target-identifier']],
    ['a target that is a list', { 'nhsd-target-identifier': target(['s', 'v']) }, 400, ['value'], ['http.nhsd-target-identifier']],
    ['another media type', { 'content-type': 'application/json' }, 415, ['not-supported'], ['http.content-type']],
    ['another version', { 'content-type': 'application/fhir+json; version=2.0.0' }, 415, ['not-supported'], ['http.content-type']],
    ['a packed message', { 'content-encoding': 'gzip' }, 415, ['not-supported'], ['http.content-encoding']],
    ['all at once', { 'x-request-id': undefined, 'x-correlation-id': '1' }, 400, ['required', 'value'], ['http.x-request-id', 'http.x-correlation-id']],
  ])('refuses %s', async (_, change, status, codes, expressions) => {
    const before = kept();
    const answer = await send(JSON_MESSAGE, { ...HEADERS, ...change });
    expect(answer.status).toBe(status);
    expect(issuesOf(answer).map(({ code }) => code)).toEqual(codes);
    expect(issuesOf(answer).flatMap(({ expression }) => expression ?? [])).toEqual(expressions);
    expect(kept()).toBe(before);
  });

  it('mirrors only ids that are well formed', async () => {
    const answer = await send(JSON_MESSAGE, { ...HEADERS, 'x-request-id': 'Quillfeather' });
    expect(answer.headers).toEqual({ 'Content-Type': 'application/fhir+json', 'X-Correlation-Id': CORRELATION_ID });
  });

  it.each<[string, string, number, string, string, string | undefined]>([
    ['a booking', JSON_MESSAGE.replace('servicerequest-request"', 'booking-request"'), 422, 'REC_UNPROCESSABLE_ENTITY', 'not-supported', 'MessageHeader.eventCoding.code'],
    ['a transaction', JSON_MESSAGE.replace('"type": "message"', '"type": "transaction"'), 400, 'REC_BAD_REQUEST', 'structure', 'Bundle.type'],
    ['half a message', JSON_MESSAGE.slice(0, 900), 400, 'REC_BAD_REQUEST', 'structure', undefined],
    ['no patient', JSON_MESSAGE.replace('"resourceType": "Patient"', '"resourceType": "Person"'), 400, 'REC_BAD_REQUEST', 'required', 'ServiceRequest.subject'],
    ['an unknown status', JSON_MESSAGE.replace('"status": "active"', '"status": "open"'), 400, 'REC_BAD_REQUEST', 'value', 'ServiceRequest.status'],
    ['too large a message', JSON_MESSAGE + ' '.repeat(MAX_BYTES), 413, 'REC_BAD_REQUEST', 'too-long', undefined],
  ])('answers %s with an outcome and keeps nothing', async (_, message, status, errorCode, code, expression) => {
    const before = kept();
    const answer = await send(message);
    expect(answer.status).toBe(status);
    expect(issuesOf(answer)).toMatchObject([{ severity: 'error', code, details: { coding: [{ code: errorCode }] }, ...(expression === undefined ? {} : { expression: [expression] }) }]);
    expect(answer.body).not.toMatch(/Quillfeather|9990001006|LSS-004417/);
    expect(kept()).toBe(before);
  });

  it('answers XML in XML', async () => {
    const answer = await send(XML_MESSAGE.replace('<status value="active"/>', '<status value="open"/>'), XML_HEADERS);
    expect(answer).toMatchObject({ status: 400, headers: { 'Content-Type': 'application/fhir+xml' } });
    expect(answer.body).toMatch(/^<OperationOutcome xmlns="http:\/\/hl7\.org\/fhir">.*<code value="value"\/>.*<code value="REC_BAD_REQUEST"\/>.*<expression value="ServiceRequest\.status"\/>.*<\/OperationOutcome>$/);
  });

  it('says that it is unavailable where the message cannot be kept, and never 200', async () => {
    const answer = await processMessage(failing(new SpoolNotWritable(new Error('no space'))), HEADERS, bodyOf(JSON_MESSAGE), MAX_BYTES);
    expect(answer.status).toBe(503);
    expect(issuesOf(answer)).toMatchObject([{ code: 'transient', details: { coding: [{ code: 'REC_SERVICE_UNAVAILABLE' }] } }]);
  });

  it('says when to come again where too many messages come at once', async () => {
    const answer = await processMessage(failing(new AdapterBusy()), HEADERS, bodyOf(JSON_MESSAGE), MAX_BYTES);
    expect(answer).toMatchObject({ status: 503, headers: { 'Retry-After': expect.stringMatching(/^\d+$/) as string, 'X-Request-Id': REQUEST_ID } });
    expect(issuesOf(answer)).toMatchObject([{ code: 'transient', details: { coding: [{ code: 'REC_SERVICE_UNAVAILABLE' }] } }]);
  });

  it('leaves a fault of ours to the server', async () => {
    await expect(processMessage(failing(new Error('database is locked')), HEADERS, bodyOf(JSON_MESSAGE), MAX_BYTES)).rejects.toThrow('database is locked');
  });
});
