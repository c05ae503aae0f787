import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { submissionQuery } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import type { PlantedFiles } from './planted-files.js';

/** A request as somebody makes it who has not read the page: personal values everywhere. */
export interface HostileRequest {
  readonly what: string;
  readonly deployment: string;
  readonly method: 'GET' | 'POST';
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/** A payload made wrong around personal values, so that whoever complains is tempted to quote them. */
const SPOILT: Readonly<Record<string, (text: string, canary: string) => string | Uint8Array>> = {
  'cut short within a value': (text) => text.slice(0, text.search(/Zyxq|\d{10}|[A-Z]{2}\d{6}[A-D]/) + 7),
  'a value in front': (text, canary) => `${canary}\n${text}`,
  'a value behind': (text, canary) => `${text}\n${canary}`,
  'dates that are values': (text, canary) => text.replaceAll(/\d{4}-\d{2}-\d{2}/g, canary),
  'a value as the first name of a field': (text, canary) => text.replace(/unique_id|row_reference|NCCIS_AcadYr|<Learner(?:DestinationandProgression)?>|"type"|"resourceType"|<entry>/, (name) => name.replace(/[A-Za-z_]+/, canary)),
  'codes that are values': (text, canary) => text.replaceAll(/(<(?:EmpStat|ESMType|CompStatus)>|"(?:benefitType|payFrequency|status|code)":"?)[^<",}]+/g, `$1${canary}`),
  'an open quote': (text, canary) => `${text}"${canary},${canary}`,
  'an entity of a value': (text, canary) => `<!DOCTYPE x [<!ENTITY e "${canary}">]>${text}`,
  'bytes that are no text beside a value': (text, canary) => Buffer.concat([Buffer.from(text), Buffer.from(canary), Buffer.from([0xff, 0xfe, 0xc3])]),
  'nothing but a value': (_, canary) => canary,
};

const query = (submission: SampleSubmission, more: Readonly<Record<string, string>>): string => {
  const all = new URLSearchParams(submissionQuery(submission));
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  return `/submissions?${all.toString()}`;
};

/**
 * Fields that hold a code of the source's own making, which goes into events as it stands, and which words could be one. Nobody
 * can tell them from a code, so those that fit are not put there; numbers and postcodes are.
 */
const OPAQUE = new Map<string, RegExp>([
  ['from_ods', /^[A-Za-z]{3,10}$/],
  ['value', /^[A-Za-z]{3,10}$/],
  ['code', /^[A-Za-z]+$/],
]);

/** Kinds put in every field in turn: a word, a number, a mixture, and one with a space. */
const SLIPPED = ['name', 'NHS number or ULN', 'NINO', 'postcode'];

/** The payload once for each field it names, with a value in every place of that field: as where columns slipped. */
function eachField(text: string, format: string, canary: string): Map<string, string> {
  const spoilt = new Map<string, string>();
  if (format.includes('csv')) {
    const [header = '', ...rows] = text.trimEnd().split(/\r?\n/);
    for (const [column, name] of header.split(',').entries()) {
      spoilt.set(name, [header, ...rows.map((row) => row.split(',').map((cell, at) => (at === column ? canary : cell)).join(','))].join('\n'));
    }
    return spoilt;
  }
  const fields = format.includes('xml') ? /<([A-Za-z]+)(?:>[^<]+<\/| value=")/g : /"([A-Za-z]+)":["\d]/g;
  for (const name of new Set([...text.matchAll(fields)].map(([, field = '']) => field))) {
    const places = format.includes('xml') ? new RegExp(`(<${name}(?:>| value="))[^<"]+`, 'g') : new RegExp(`("${name}":)(?:"[^"]*"|[\\d.]+)`, 'g');
    spoilt.set(name, text.replaceAll(places, format.includes('xml') ? `$1${canary}` : `$1"${canary}"`));
  }
  return spoilt;
}

/** The same text with every instant in it moved on to a later second of its hour. */
const later = (text: string, second: number): string =>
  text.replaceAll(/(T\d{2}):\d{2}:\d{2}/g, `$1:${String(40 + Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}`);

/** For every feed's first file: payloads, parameters, headers and addresses with personal values where none belong. */
export async function hostileRequests({ folder, submissions, canaries }: PlantedFiles): Promise<HostileRequest[]> {
  const values = [...canaries.values()].flatMap(([first]) => (first === undefined ? [] : [first]));
  const one = (index: number): string => values[index % values.length] ?? '';
  const kinds = new Map(submissions.filter(({ refusedWhole }) => !refusedWhole).map((each) => [`${each.feed} ${each.part} ${each.mediaType}`, each]));
  const requests: HostileRequest[] = [];
  for (const submission of kinds.values()) {
    const { deployment, mediaType, feed, part } = submission;
    const text = await readFile(join(folder, submission.file), 'utf8');
    const typed = { 'content-type': mediaType };
    const add = (what: string, path: string, body: string | Uint8Array = text, headers: Readonly<Record<string, string>> = typed): void => {
      requests.push({ what: `${feed} ${part ?? ''}: ${what}`, deployment, method: 'POST', path, headers, body: Buffer.from(body) });
    };
    for (const [index, [what, spoil]] of Object.entries(SPOILT).entries()) {
      for (const mode of ['commit', 'validate']) add(`${what}, ${mode}`, query(submission, { mode }), spoil(text, one(index)));
    }
    // Each says something newer than all before, so that what is accepted is also published.
    let second = 0;
    for (const kind of SLIPPED) {
      const [value = ''] = canaries.get(kind) ?? [];
      for (const [field, body] of eachField(text, mediaType, value)) {
        if (OPAQUE.get(field)?.test(value) === true) continue;
        second += 1;
        const asOf = submission.asOf === null ? {} : { asOf: later(submission.asOf, second) };
        add(`a value as ${field}`, query(submission, asOf), later(body, second));
      }
    }
    add('packed', query(submission, { mode: 'validate' }), gzipSync(text), { ...typed, 'content-encoding': 'gzip' });
    add('said to be packed', query(submission, {}), text, { ...typed, 'content-encoding': 'gzip' });
    for (const [index, name] of ['feed', 'mode', 'asOf', 'fullExtract', 'part', 'programme', 'nino', one(3)].entries()) {
      for (const value of [one(index), one(index + 3), one(index).toLowerCase(), one(3).toLowerCase()]) add(`a value in the parameter ${index}`, query(submission, { [name]: value }));
    }
    for (const value of values.slice(0, 4)) {
      add('a value as media type', query(submission, {}), text, { 'content-type': `text/${value.replaceAll(' ', '')}` });
      add('a value as encoding', query(submission, {}), text, { ...typed, 'content-encoding': value.replaceAll(' ', '') });
    }
  }
  return [...requests, ...addresses(submissions, values), ...messages(await bundles(folder, submissions), values)];
}

function addresses(submissions: readonly SampleSubmission[], values: readonly string[]): HostileRequest[] {
  const paths = values.map(encodeURIComponent).flatMap((value) => [`/${value}`, `/submissions/${value}`, `/submissions/${value}/report`, `/submissions?before=${value}`]);
  return [...new Set(submissions.map(({ deployment }) => deployment))].flatMap((deployment) =>
    paths.flatMap((path) => (['GET', 'POST'] as const).map((method) => ({ what: 'a value in an address', deployment, method, path, headers: {} }))),
  );
}

/** A few BaRS bundles of each media type, one by one. */
async function bundles(folder: string, submissions: readonly SampleSubmission[]): Promise<{ readonly type: string; readonly text: string }[]> {
  const found: { type: string; text: string }[] = [];
  for (const { file, feed, mediaType, refusedWhole } of submissions) {
    if (feed !== 'bars' || refusedWhole) continue;
    const text = await readFile(join(folder, file), 'utf8');
    const type = mediaType.includes('xml') ? 'application/fhir+xml' : 'application/fhir+json';
    const [first = ''] = type.endsWith('xml') ? [text] : text.split('\n');
    if (found.filter((each) => each.type === type).length < 3) found.push({ type, text: first });
  }
  return found;
}

function messages(all: readonly { readonly type: string; readonly text: string }[], values: readonly string[]): HostileRequest[] {
  const target = Buffer.from(JSON.stringify({ system: 'https://fhir.nhs.uk/Id/dos-service-id', value: '990000205' })).toString('base64');
  const right = { 'x-request-id': '0b1a3f8e-6a35-4f0e-9f5e-0d6c1f7a2b11', 'x-correlation-id': '7d7b3f52-0f0a-4c62-9c5e-5b8a1d2e3f44', 'nhsd-target-identifier': target };
  return all.flatMap(({ type, text }, index) => {
    const value = (values[index] ?? values[0] ?? '').replaceAll(' ', '');
    const message = (what: string, body: string, headers: Readonly<Record<string, string>>): HostileRequest => ({
      what: `message: ${what}`,
      deployment: 'nhs',
      method: 'POST',
      path: '/$process-message',
      headers: { 'content-type': type, ...headers },
      body: Buffer.from(body),
    });
    return [
      message('as it should be', text, right),
      message('a value as request id', text, { ...right, 'x-request-id': value }),
      message('a value as target', text, { ...right, 'nhsd-target-identifier': Buffer.from(value).toString('base64') }),
      ...Object.entries(SPOILT).map(([what, spoil]) => message(what, Buffer.from(spoil(text, value)).toString('latin1'), right)),
    ];
  });
}
