import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { changed, conformanceSuite } from '@throughline/adapter-kit/testing';
import type { ExampleSubmission } from '@throughline/adapter-kit/testing';
import type { FaultCode, RefusalCode } from '@throughline/adapter-kit';
import { NHS_ADAPTER } from './nhs.adapter.js';

const example = (name: string): string => readFileSync(new URL(`../examples/${name}`, import.meta.url), 'utf8');
const MESSAGE = example('bars-referral-new.json');
const XML = example('bars-referral-new.xml');
const CSV = example('nhs-referrals.csv');
const [HEADER = '', ...ROWS] = CSV.trimEnd().split('\n');

const line = (message: string): string => JSON.stringify(JSON.parse(message));

/** The example of another case at another minute, as one line. */
const another = (number: number, ...changes: readonly (readonly [string | RegExp, string])[]): string =>
  line(
    changes.reduce(
      (message, [from, to]) => changed(message, from, to),
      MESSAGE.replace('LSS-004417', `LSS-00500${number}`).replace('"timestamp": "2026-01-14T10:22', `"timestamp": "2026-01-1${number}T11:00`),
    ),
  );

const bars = (title: string, content: string, mediaType = 'application/fhir+json'): ExampleSubmission => ({ title, feed: 'bars', mediaType, content });
const csv = (title: string, content: string, asOf = '2026-02-01T00:00:00Z'): ExampleSubmission => ({ title, feed: 'nhs-csv', mediaType: 'text/csv', asOf, content });

const NDJSON = 'application/x-ndjson';
const MANY = [
  another(1),
  another(2, ['"code": "new"', '"code": "delete"']),
  another(3, ['"status": "active"', '"status": "revoked"'], ['"code": "new"', '"code": "update"']),
  another(4, ['servicerequest-request"', 'booking-request"']),
  another(5, ['"birthDate": "1998-11-23"', '"birthDate": "1998-13-23"']),
].join('\n');

const foreign = (title: string, code: RefusalCode, from: string | RegExp, to: string) => ({ ...bars(title, changed(MESSAGE, from, to)), code });
const unfit = (title: string, code: FaultCode, from: string | RegExp, to: string) => ({ ...bars(title, changed(MESSAGE, from, to)), codes: { 1: code } });
const badCsv = (title: string, code: RefusalCode, content: string) => ({ ...csv(title, content), code });
const badRow = (title: string, code: FaultCode, from: string, to: string) => ({ ...csv(title, `${HEADER}\n${changed(ROWS[0] ?? '', from, to)}\n`), codes: { 1: code } });

conformanceSuite(NHS_ADAPTER, {
  good: [
    { ...bars('a message as JSON', MESSAGE), expected: { received: 1, published: 1, skipped: 0, refused: 0 } },
    { ...bars('the same message as XML', XML, 'application/fhir+xml'), expected: { received: 1, published: 0, skipped: 1, refused: 0 } },
    { ...bars('many messages', MANY, NDJSON), programme: 'workwell', expected: { received: 5, published: 3, skipped: 1, refused: 1 } },
    {
      ...bars('the referral entered in error', changed(XML, '<status value="active"/>', '<status value="entered-in-error"/>').replace('<timestamp value="2026-01-14', '<timestamp value="2026-01-16'), 'application/fhir+xml'),
      expected: { received: 1, published: 1, skipped: 0, refused: 0 },
    },
    { ...csv('referrals and support starts', CSV), programme: 'connect-to-work', expected: { received: 6, published: 5, skipped: 0, refused: 1 } },
    {
      ...csv('a full extract without two of them', [HEADER, ROWS[0], ROWS[2]].join('\r\n'), '2026-03-01T00:00:00Z'),
      fullExtract: 'true',
      programme: 'connect-to-work',
      expected: { received: 2, published: 0, skipped: 2, refused: 0 },
    },
  ],
  badSubmissions: [
    foreign('a transaction', 'not-this-format', '"type": "message"', '"type": "transaction"'),
    foreign('another resource', 'not-this-format', '"resourceType": "Bundle"', '"resourceType": "Parameters"'),
    foreign('a response', 'unsupported-message', 'servicerequest-request"', 'servicerequest-response"'),
    foreign('a booking', 'unsupported-message', 'servicerequest-request"', 'booking-request"'),
    foreign('broken off', 'truncated', /"Encounter",[^]*$/, '"Encounter"'),
    foreign('no JSON', 'malformed', /^\{/, '(('),
    foreign('nested too deep', 'too-deep', '"AMB"', `${'['.repeat(200)}${']'.repeat(200)}`),
    { ...bars('nothing', ''), code: 'empty' },
    { ...bars('a media type of its own', MESSAGE, 'application/hl7-v2'), code: 'not-this-format' },
    { ...bars('a DOCTYPE', changed(XML, '<Bundle', '<!DOCTYPE Bundle SYSTEM "http://evil.example/x.dtd"><Bundle'), 'application/fhir+xml'), code: 'doctype-forbidden' },
    { ...bars('another version of FHIR', changed(XML, 'http://hl7.org/fhir"', 'http://hl7.org/fhir/DSTU1"'), 'application/fhir+xml'), code: 'wrong-namespace' },
    { ...bars('half of many', MANY.slice(0, -200), NDJSON), code: 'truncated' },
    badCsv('a missing column', 'wrong-header', CSV.replaceAll(/,[^,\n]*$/gm, '')),
    badCsv('semicolons', 'wrong-separator', [HEADER, ROWS[0]].join('\n').replaceAll(',', ';')),
    badCsv('a quote never closed', 'truncated', `${HEADER}\n"${ROWS[0] ?? ''}\n`),
    { ...badCsv('another encoding', 'wrong-encoding', ''), content: Buffer.from(CSV, 'latin1') },
    { title: 'no instant', feed: 'nhs-csv', mediaType: 'text/csv', content: CSV, code: 'missing-parameter' },
    { ...csv('an instant without zone', CSV, '2026-02-01T00:00:00'), code: 'bad-parameter' },
  ],
  badRecords: [
    unfit('no timestamp', 'missing-field', /"timestamp": "[^"]*",/, ''),
    unfit('no header', 'missing-resource', '"resourceType": "MessageHeader"', '"resourceType": "Basic"'),
    unfit('a sender without ODS code', 'missing-resource', '/id/ods-organization-code', '/id/other'),
    unfit('an unknown reason', 'bad-code', '"code": "new"', '"code": "resend"'),
    unfit('an unknown status', 'bad-code', '"status": "active"', '"status": "accepted"'),
    unfit('an authoring date that is none', 'bad-date', /"authoredOn": "[^"]*"/, '"authoredOn": "yesterday"'),
    unfit('no patient', 'missing-resource', '"resourceType": "Patient"', '"resourceType": "RelatedPerson"'),
    unfit('a birth date that is none', 'bad-date', '"birthDate": "1998-11-23"', '"birthDate": "23/11/1998"'),
    unfit('an NHS number for a service', 'bad-format', 'dos-service-id|2000099901', 'dos-service-id|9990001006'),
    unfit('an address for a use case', 'bad-format', '"code": "work-and-health"', '"code": "41 Tern Walk"'),
    { ...bars('a line that is no JSON, and one message twice', [line(MESSAGE), '{"resourceType"', line(MESSAGE)].join('\n') + '\n', NDJSON), codes: { 2: 'bad-format', 3: 'duplicate-record' } },
    badRow('no row reference', 'missing-field', 'R-0001', ''),
    badRow('an ODS code that is none', 'bad-format', 'X9Z02', 'X9'),
    badRow('an unknown event', 'bad-code', 'referral', 'discharge'),
    badRow('a date that is none', 'bad-date', '2026-01-08', '8 January'),
    badRow('an unknown programme', 'bad-code', 'workwell', 'work-well'),
    badRow('an unknown status', 'bad-code', 'Active', 'Open'),
    badRow('a person for a service', 'bad-format', 'X9Z77', 'Brackenhurst'),
    badRow('an NHS number for a service', 'bad-format', 'X9Z77', '999 000 1014'),
    badRow('a postcode for an organisation', 'bad-format', 'X9Z02', 'ZA31AB'),
    badRow('a comma too many', 'bad-format', 'Tobiah', 'Tobiah,T'),
  ],
  identifiers: [
    ...['LSS-004417', 'LSS-005001', 'R-0001', 'R-0003'],
    ...['9990001006', '999 000 1014', '9990001030', '9990001023'],
    ...['Quillfeather', 'Odile', 'Brackenhurst', 'Tobiah', 'Perpetua', 'Hollowmere', 'Østergaard-Pym', 'Varnsdorf', 'Saltersgate'],
    ...['1998-11-23', '1971-02-04', '2006-05-30', '1964-03-01'],
    ...['ZA1 1AA', 'ZA3 1AB', '41 Tern Walk'],
  ],
  docsPage: fileURLToPath(new URL('../../../docs/partners/nhs.md', import.meta.url)),
});
