import { FHIR_MEDIA_TYPES } from './operation-outcome.js';
import type { FhirFormat, Problem } from './operation-outcome.js';

/** Headers of an HTTP request, names in lower case, as Node gives them. */
export type IncomingHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** What the headers of a `$process-message` request say. */
export interface MessageHeaders {
  readonly requestId: string;
  readonly correlationId: string;
  readonly format: FhirFormat;
  /** The service addressed: system and value as the sender wrote them. */
  readonly target: { readonly system: string; readonly value: string };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const GREATEST_TARGET = 4096;

/** The headers to send back with whatever is answered: the transaction ids, where they are well formed. */
export function mirrored(headers: IncomingHeaders): Readonly<Record<string, string>> {
  const back: Record<string, string> = {};
  for (const name of ['X-Request-Id', 'X-Correlation-Id']) {
    const value = single(headers, name);
    if (value !== null && UUID.test(value)) back[name] = value;
  }
  return back;
}

/** Format to answer in: the request's own, JSON where it names neither. */
export function answerFormat(headers: IncomingHeaders): FhirFormat {
  return formatOf(single(headers, 'Content-Type')) ?? 'json';
}

/** All faults in the headers at once, or what they say. */
export function readHeaders(headers: IncomingHeaders): { readonly headers: MessageHeaders } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const format = formatOf(single(headers, 'Content-Type'));
  if (format === null) {
    problems.push({
      severity: 'error',
      status: 415,
      errorCode: 'REC_BAD_REQUEST',
      type: 'not-supported',
      diagnostics: `Content-Type must be ${FHIR_MEDIA_TYPES.json} or ${FHIR_MEDIA_TYPES.xml}, with version=1.0.0 where a version is given.`,
      expression: 'http.content-type',
    });
  }
  const encoding = single(headers, 'Content-Encoding');
  if (encoding !== null && encoding.toLowerCase() !== 'identity') {
    problems.push({
      severity: 'error',
      status: 415,
      errorCode: 'REC_BAD_REQUEST',
      type: 'not-supported',
      diagnostics: 'Content-Encoding must be left out: messages are sent as they are.',
      expression: 'http.content-encoding',
    });
  }
  const requestId = transactionId(headers, 'X-Request-Id', problems);
  const correlationId = transactionId(headers, 'X-Correlation-Id', problems);
  const target = targetIdentifier(headers, problems);
  if (problems.length > 0 || format === null || requestId === null || correlationId === null || target === null) return { problems };
  return { headers: { requestId, correlationId, format, target } };
}

function formatOf(contentType: string | null): FhirFormat | null {
  const [type = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (parameters.some((parameter) => parameter.startsWith('version=') && parameter !== 'version=1.0.0')) return null;
  if (type === FHIR_MEDIA_TYPES.json) return 'json';
  return type === FHIR_MEDIA_TYPES.xml ? 'xml' : null;
}

function transactionId(headers: IncomingHeaders, name: string, problems: Problem[]): string | null {
  const value = single(headers, name);
  if (value !== null && UUID.test(value)) return value;
  problems.push({
    severity: 'error',
    status: 400,
    errorCode: 'REC_BAD_REQUEST',
    type: value === null ? 'required' : 'value',
    diagnostics: `${name} must be present once and be a UUID.`,
    expression: `http.${name.toLowerCase()}`,
  });
  return null;
}

function targetIdentifier(headers: IncomingHeaders, problems: Problem[]): MessageHeaders['target'] | null {
  const name = 'NHSD-Target-Identifier';
  const encoded = single(headers, name);
  const target = encoded === null ? null : decodeTarget(encoded);
  if (target === null) {
    problems.push({
      severity: 'error',
      status: 400,
      errorCode: 'REC_BAD_REQUEST',
      type: encoded === null ? 'required' : 'value',
      diagnostics: `${name} must be present and be the Base64 of a JSON object with the texts "system" and "value" of the service addressed.`,
      expression: `http.${name.toLowerCase()}`,
    });
  }
  return target;
}

function decodeTarget(encoded: string): MessageHeaders['target'] | null {
  if (encoded.length > GREATEST_TARGET || !BASE64.test(encoded)) return null;
  try {
    const parsed: unknown = JSON.parse(Buffer.from(encoded, 'base64').toString('utf8'));
    if (typeof parsed !== 'object' || parsed === null) return null;
    const { system, value } = parsed as { readonly system?: unknown; readonly value?: unknown };
    return isText(system) && isText(value) ? { system, value } : null;
  } catch {
    return null;
  }
}

const isText = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';

function single(headers: IncomingHeaders, name: string): string | null {
  const value = headers[name.toLowerCase()];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}
