import { readFileSync } from 'node:fs';
import { changed as changedIn, readAll, recordAt, refusedWhole } from '@throughline/adapter-kit/testing';
import type { PayloadFormat, ReadItem } from '@throughline/adapter-kit';
import { readBars } from './partner-file.js';
import type { BarsRecord } from './partner-file.js';

const example = (name: string): string => readFileSync(new URL(`../../examples/${name}`, import.meta.url), 'utf8');
const JSON_MESSAGE = example('bars-referral-new.json');
const XML_MESSAGE = example('bars-referral-new.xml');
const REFERENCE = 'X9Z01|LSS-004417';
const FOCUS = 'urn:uuid:7b0e4c52-3a35-4c08-9d7f-0a8a4d1f5b02';

const read = (text: string, format: PayloadFormat = 'json'): Promise<ReadItem<BarsRecord>[]> => readAll(readBars, text, { format });
const refusal = (text: string, format: PayloadFormat = 'json') => refusedWhole(readBars, text, { format });
const changed = (from: string | RegExp, to: string, message = JSON_MESSAGE): string => changedIn(message, from, to);

/** The example as one line, as NDJSON wants it. */
const line = (message: string): string => JSON.stringify(JSON.parse(message));

const recordOf = async (message: string, format: PayloadFormat = 'json'): Promise<BarsRecord> => recordAt(await read(message, format), 1);

const REFERRAL = {
  status: 'active',
  authoredOn: '2026-01-14',
  fromOrganisation: 'X9Z01',
  toService: '2000099901',
  useCase: 'work-and-health',
  patient: { nhsNumber: '9990001006', surname: 'Quillfeather', firstName: 'Odile', birthDate: '1998-11-23', postcode: 'ZA1 1AA' },
};

describe('a BaRS message', () => {
  it.each<[PayloadFormat, string]>([
    ['json', JSON_MESSAGE],
    ['xml', XML_MESSAGE],
    ['ndjson', line(JSON_MESSAGE)],
  ])('is the same referral as %s', async (format, message) => {
    expect(await read(message, format)).toEqual([
      {
        kind: 'section',
        header: { clock: { instant: new Date('2026-01-14T10:22:31Z'), serial: 0 }, scope: 'bars', absence: { speaks: false } },
      },
      { kind: 'record', ordinal: 1, reference: REFERENCE, record: { reference: REFERENCE, referral: REFERRAL } },
    ]);
  });

  it('names its systems in either case and scheme', async () => {
    const shouted = JSON_MESSAGE.replaceAll('https://fhir.nhs.uk/CodeSystem/', 'HTTP://FHIR.NHS.UK/codesystem/')
      .replace('https://fhir.nhs.uk/Id/nhs-number', 'http://fhir.nhs.uk/id/NHS-Number')
      .replace('https://fhir.nhs.uk/id/ods-organization-code', 'http://fhir.nhs.uk/Id/ODS-organization-code');
    expect(await recordOf(shouted)).toEqual({ reference: REFERENCE, referral: REFERRAL });
  });

  it('has the national use case where it names one', async () => {
    expect(await recordOf(changed('urn:throughline:use-case", "code": "work-and-health', 'https://fhir.nhs.uk/CodeSystem/usecases-categories-bars", "code": "a5t2'))).toMatchObject({
      referral: { useCase: 'a5t2' },
    });
  });

  it('resolves references by type and id too', async () => {
    const byId = changed('"subject": { "reference": "urn:uuid:7b0e4c52-3a35-4c08-9d7f-0a8a4d1f5b04" }', '"subject": { "reference": "Patient/p1" }').replace(
      '"resourceType": "Patient",',
      '"resourceType": "Patient", "id": "p1",',
    );
    expect(await recordOf(byId)).toMatchObject({ referral: REFERRAL });
  });

  it.each([
    ['the only encounter, where the referral names none', '"encounter": { "reference": "urn:uuid:7b0e4c52-3a35-4c08-9d7f-0a8a4d1f5b03" },', '', REFERENCE],
    ['the referral itself, where no encounter has a case number', '"value": "LSS-004417"', '"period": {}', `X9Z01|${FOCUS}`],
  ])('takes its reference from %s', async (_, from, to, reference) => {
    expect(await recordOf(changed(from, to))).toMatchObject({ reference });
  });

  it.each([
    ['a day', '2026-01-14T10:20:00+00:00', '2026-01-14', '2026-01-14'],
    ['a month', '2026-01-14T10:20:00+00:00', '2026-01', '2026-01'],
    ['a year', '2026-01-14T10:20:00+00:00', '2026', '2026'],
    ['the day in its writer’s zone', '2026-01-14T10:20:00+00:00', '2026-06-30T00:10:00+01:00', '2026-06-30'],
  ])('was authored on %s', async (_, from, to, authoredOn) => {
    expect(await recordOf(changed(`"authoredOn": "${from}`, `"authoredOn": "${to}`))).toMatchObject({ referral: { authoredOn } });
  });

  it('takes the first name and the first address that is not old, where none is official or home', async () => {
    const plain = JSON_MESSAGE.replace('"use": "official", ', '').replace('"use": "nickname", "given": ["Odd"]', '"family": "Firth", "given": ["Odd"]').replace('"use": "home", ', '');
    expect(await recordOf(plain)).toMatchObject({ referral: { patient: { surname: 'Firth', firstName: 'Odd', postcode: 'ZA1 1AA' } } });
  });

  it('may know little of the patient', async () => {
    const bare = changed(/("resourceType": "Patient",)[^]*?("gender")/, '$1 $2').replace('"birthDate": "1998-11-23"', '"birthDate": "1998"').replace(/"address": \[[^]*?\n {8}\]/, '"active": true');
    expect(await recordOf(bare)).toMatchObject({ referral: { patient: { nhsNumber: null, surname: null, firstName: null, birthDate: '1998', postcode: null } } });
  });

  it.each([
    ['is deleted', '"code": "new"', '"code": "delete"'],
    ['was entered in error', '"status": "active"', '"status": "entered-in-error"'],
  ])('that %s takes the referral back, whatever else it lacks', async (_, from, to) => {
    const message = changed(from, to).replace(/"authoredOn": "[^"]*",/, '').replace('"birthDate": "1998-11-23"', '"birthDate": "never"');
    expect(await recordOf(message)).toEqual({ reference: REFERENCE, referral: null });
  });
});

describe('a single document that is no referral request is refused whole', () => {
  it.each<[string, string, string, string]>([
    ['not a bundle', changed('"resourceType": "Bundle"', '"resourceType": "Parameters"'), 'not-this-format', 'Bundle.resourceType'],
    ['a list', '[]', 'not-this-format', 'Bundle.resourceType'],
    ['a text', '"Bundle"', 'not-this-format', 'Bundle.resourceType'],
    ['a transaction', changed('"type": "message"', '"type": "transaction"'), 'not-this-format', 'Bundle.type'],
    ['a response', changed('servicerequest-request"', 'servicerequest-response"'), 'unsupported-message', 'MessageHeader.eventCoding.code'],
    ['a booking', changed('servicerequest-request"', 'booking-request"'), 'unsupported-message', 'MessageHeader.eventCoding.code'],
    ['a message without event', changed('"code": "servicerequest-request"', '"display": "?"'), 'unsupported-message', 'MessageHeader.eventCoding.code'],
    ['the start of a message', JSON_MESSAGE.split('\n').slice(0, 34).join('\n'), 'truncated', 'line 34'],
    ['no JSON', 'resourceType: Bundle', 'malformed', 'line 1'],
    ['nothing', ' \n', 'empty', 'line 1'],
  ])('%s', async (_, message, code, place) => {
    expect(await refusal(message)).toEqual([code, place]);
  });

  it.each<[string, string, string]>([
    ['another namespace', changed('http://hl7.org/fhir', 'http://hl7.org/fhir/v3', XML_MESSAGE), 'wrong-namespace'],
    ['another resource', changed(/Bundle/g, 'Parameters', XML_MESSAGE), 'not-this-format'],
    ['a DOCTYPE', changed('<Bundle', '<!DOCTYPE Bundle><Bundle', XML_MESSAGE), 'doctype-forbidden'],
    ['a booking', changed('servicerequest-request"', 'booking-request"', XML_MESSAGE), 'unsupported-message'],
    ['half of it', XML_MESSAGE.slice(0, 3_000), 'truncated'],
  ])('%s as XML', async (_, message, code) => {
    expect((await refusal(message, 'xml'))[0]).toBe(code);
  });
});

describe('a message that cannot be used is a refused record', () => {
  it.each<[string, string, string, string | null, string | RegExp, string]>([
    ['no timestamp', 'missing-field', 'Bundle.timestamp', null, /"timestamp": "[^"]*",/, ''],
    ['a timestamp in the future', 'date-out-of-range', 'Bundle.timestamp', null, '"timestamp": "2026-01-14T', '"timestamp": "2030-01-14T'],
    ['a timestamp that is none', 'bad-date', 'Bundle.timestamp', null, '"timestamp": "2026-01-14T', '"timestamp": "2026-02-31T'],
    ['no header', 'missing-resource', 'MessageHeader', null, '"resourceType": "MessageHeader"', '"resourceType": "Basic"'],
    ['a focus that is not there', 'missing-resource', 'MessageHeader.focus', null, `"focus": [{ "reference": "${FOCUS}`, '"focus": [{ "reference": "urn:uuid:none'],
    ['a focus that is something else', 'missing-resource', 'MessageHeader.focus', null, '"resourceType": "ServiceRequest"', '"resourceType": "Task"'],
    ['no sender', 'missing-resource', 'MessageHeader.sender', null, '"sender": {', '"author": {'],
    ['a sender without ODS code', 'missing-resource', 'MessageHeader.sender', null, '/id/ods-organization-code', '/id/ods-site-code'],
    ['a postcode for an ODS code', 'bad-format', 'MessageHeader.sender', null, '"value": "x9z01"', '"value": "ZA24 1AB"'],
    ['an NHS number for an ODS code', 'bad-format', 'MessageHeader.sender', null, '"value": "x9z01"', '"value": "9990000018"'],
    ['no reason', 'missing-field', 'MessageHeader.reason.coding.code', REFERENCE, '"code": "new"', '"display": "new"'],
    ['an unknown reason', 'bad-code', 'MessageHeader.reason.coding.code', REFERENCE, '"code": "new"', '"code": "replace"'],
    ['no status', 'missing-field', 'ServiceRequest.status', REFERENCE, '"status": "active",', ''],
    ['an unknown status', 'bad-code', 'ServiceRequest.status', REFERENCE, '"status": "active"', '"status": "toString"'],
    ['no authoring date', 'missing-field', 'ServiceRequest.authoredOn', REFERENCE, /"authoredOn": "[^"]*",/, ''],
    ['an authoring date that is none', 'bad-date', 'ServiceRequest.authoredOn', REFERENCE, /"authoredOn": "[^"]*"/, '"authoredOn": "14/01/2026"'],
    ['no patient', 'missing-resource', 'ServiceRequest.subject', REFERENCE, '"resourceType": "Patient"', '"resourceType": "Person"'],
    ['a birth date that is none', 'bad-date', 'Patient.birthDate', REFERENCE, '"birthDate": "1998-11-23"', '"birthDate": "1998-11-32"'],
  ])('%s', async (_, code, path, reference, from, to) => {
    const items = await read(changed(from, to));
    expect(items).toMatchObject([{ kind: 'section' }, { kind: 'unreadable', ordinal: 1, reference, fault: { code, path } }]);
  });

  it('in XML as in JSON', async () => {
    const items = await read(changed('<status value="active"/>', '<status value="maybe"/>', XML_MESSAGE), 'xml');
    expect(items[1]).toMatchObject({ kind: 'unreadable', fault: { code: 'bad-code', path: 'ServiceRequest.status' } });
  });

  it('without any value of the message in the fault', async () => {
    const items = await read(changed('"birthDate": "1998-11-23"', '"birthDate": "1998-11-32"'));
    const [fault] = items.flatMap((item) => (item.kind === 'unreadable' ? [JSON.stringify(item.fault)] : []));
    expect(fault).not.toMatch(/1998|Quill|LSS/);
  });
});

describe('many messages', () => {
  const later = line(changed(/"timestamp": "[^"]*"/, '"timestamp": "2026-02-01T08:00:00Z"').replace('"code": "new"', '"code": "update"'));

  it('are a section each, and one of another kind or no JSON hinders no other', async () => {
    const booking = line(changed('servicerequest-request"', 'booking-request"'));
    const items = await read([line(JSON_MESSAGE), booking, '{"resourceType":', 'null', later].join('\n') + '\n', 'ndjson');
    expect(items.map((item) => (item.kind === 'section' ? item.header.clock.instant.toISOString() : `${item.ordinal} ${item.kind}`))).toEqual([
      '2026-01-14T10:22:31.000Z',
      '1 record',
      '1970-01-01T00:00:00.000Z',
      '2 record',
      '1970-01-01T00:00:00.000Z',
      '3 unreadable',
      '1970-01-01T00:00:00.000Z',
      '4 record',
      '2026-02-01T08:00:00.000Z',
      '5 record',
    ]);
    expect(items.flatMap((item) => (item.kind === 'record' && item.record === 'not-in-scope' ? [item.ordinal] : []))).toEqual([2, 4]);
  });

  it('say one thing of a referral at one instant: the first stands, even where it was refused', async () => {
    const refused = line(changed('"status": "active"', '"status": "toString"'));
    const items = await read([refused, line(JSON_MESSAGE), later].join('\n'), 'ndjson');
    expect(items.filter(({ kind }) => kind !== 'section')).toMatchObject([
      { kind: 'unreadable', fault: { code: 'bad-code' } },
      { kind: 'unreadable', reference: REFERENCE, fault: { code: 'duplicate-record' } },
      { kind: 'record', reference: REFERENCE },
    ]);
  });
});
