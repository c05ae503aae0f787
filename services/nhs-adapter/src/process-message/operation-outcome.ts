/** Why a message was not taken, in BaRS's own terms. */
export interface Problem {
  readonly status: number;
  readonly errorCode: BarsErrorCode;
  /** FHIR issue-type. */
  readonly issue: 'required' | 'invalid' | 'value' | 'invariant' | 'structure' | 'not-supported' | 'too-long' | 'duplicate' | 'transient' | 'exception' | 'timeout';
  /** What was expected and what to do; never a value of the message. */
  readonly diagnostics: string;
  /** Element concerned, as a path into the message or a header's name. */
  readonly expression?: string;
}

/** Codes of BaRS's list that a receiver answers with; it has none of its own for 413 and 415. */
export type BarsErrorCode = 'REC_BAD_REQUEST' | 'REC_CONFLICT' | 'REC_SERVER_ERROR' | 'REC_SERVICE_UNAVAILABLE' | 'REC_UNPROCESSABLE_ENTITY';

const ERROR_CODES = 'https://fhir.nhs.uk/Codesystem/http-error-codes';
const PROFILE = 'https://fhir.hl7.org.uk/StructureDefinition/UKCore-OperationOutcome';

export type FhirFormat = 'json' | 'xml';

export const FHIR_MEDIA_TYPES: Readonly<Record<FhirFormat, string>> = {
  json: 'application/fhir+json',
  xml: 'application/fhir+xml',
};

/** The outcome as the body of an answer in the request's own format. */
export function operationOutcome(problems: readonly Problem[], format: FhirFormat): string {
  return format === 'json' ? outcomeJson(problems) : outcomeXml(problems);
}

function outcomeJson(problems: readonly Problem[]): string {
  return JSON.stringify({
    resourceType: 'OperationOutcome',
    meta: { profile: [PROFILE] },
    issue: problems.map((problem) => ({
      severity: 'error',
      code: problem.issue,
      details: { coding: [{ system: ERROR_CODES, code: problem.errorCode }] },
      diagnostics: problem.diagnostics,
      ...(problem.expression === undefined ? {} : { expression: [problem.expression] }),
    })),
  });
}

function outcomeXml(problems: readonly Problem[]): string {
  const issues = problems.map(
    (problem) =>
      `<issue><severity value="error"/><code value="${problem.issue}"/>` +
      `<details><coding><system value="${ERROR_CODES}"/><code value="${problem.errorCode}"/></coding></details>` +
      `<diagnostics value="${escapeAttribute(problem.diagnostics)}"/>` +
      (problem.expression === undefined ? '' : `<expression value="${escapeAttribute(problem.expression)}"/>`) +
      '</issue>',
  );
  return `<OperationOutcome xmlns="http://hl7.org/fhir"><meta><profile value="${PROFILE}"/></meta>${issues.join('')}</OperationOutcome>`;
}

function escapeAttribute(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
