/** One issue of an OperationOutcome. Texts never repeat a value of the message. */
export interface Issue {
  readonly severity: 'error' | 'information';
  /** FHIR issue-type. */
  readonly type: IssueType;
  /** BaRS's code of an error. */
  readonly errorCode?: BarsErrorCode;
  readonly diagnostics: string;
  /** Element or header concerned. */
  readonly expression?: string;
}

export type IssueType =
  | 'required'
  | 'value'
  | 'structure'
  | 'not-supported'
  | 'too-long'
  | 'timeout'
  | 'transient'
  | 'informational';

/** Codes of BaRS's list that a receiver answers with; it has none of its own for 413 and 415. */
export type BarsErrorCode = 'REC_BAD_REQUEST' | 'REC_SERVICE_UNAVAILABLE' | 'REC_TIMEOUT' | 'REC_UNPROCESSABLE_ENTITY';

/** Why a message was not taken, in BaRS's own terms. */
export interface Problem extends Issue {
  readonly severity: 'error';
  readonly errorCode: BarsErrorCode;
  /** HTTP status of the answer. */
  readonly status: number;
}

export type FhirFormat = 'json' | 'xml';

export const FHIR_MEDIA_TYPES: Readonly<Record<FhirFormat, string>> = {
  json: 'application/fhir+json',
  xml: 'application/fhir+xml',
};

const ERROR_CODES = 'https://fhir.nhs.uk/Codesystem/http-error-codes';
const PROFILE = 'https://fhir.hl7.org.uk/StructureDefinition/UKCore-OperationOutcome';

/** An OperationOutcome as the body of an answer. */
export function operationOutcome(issues: readonly Issue[], format: FhirFormat): string {
  return format === 'json' ? outcomeJson(issues) : outcomeXml(issues);
}

function outcomeJson(issues: readonly Issue[]): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    meta: { profile: [PROFILE] },
    issue: issues.map(({ severity, type, errorCode, diagnostics, expression }) => ({
      severity,
      code: type,
      ...(errorCode === undefined ? {} : { details: { coding: [{ system: ERROR_CODES, code: errorCode }] } }),
      diagnostics,
      ...(expression === undefined ? {} : { expression: [expression] }),
    })),
  });
}

function outcomeXml(issues: readonly Issue[]): string {
  const rendered = issues.map(
    ({ severity, type, errorCode, diagnostics, expression }) =>
      `<issue><severity value="${severity}"/><code value="${type}"/>` +
      (errorCode === undefined ? '' : `<details><coding><system value="${ERROR_CODES}"/><code value="${errorCode}"/></coding></details>`) +
      `<diagnostics value="${escaped(diagnostics)}"/>` +
      (expression === undefined ? '' : `<expression value="${escaped(expression)}"/>`) +
      '</issue>',
  );
  return `<OperationOutcome xmlns="http://hl7.org/fhir"><meta><profile value="${PROFILE}"/></meta>${rendered.join('')}</OperationOutcome>`;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
