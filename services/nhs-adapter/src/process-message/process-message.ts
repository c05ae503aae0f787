import { AdapterBusy, SpoolNotWritable, SubmissionRefused } from '@throughline/adapter-kit';
import type { Intake, LookedAt, RefusalReason } from '@throughline/adapter-kit';
import { answerFormat, mirrored, readHeaders } from './message-headers.js';
import type { IncomingHeaders } from './message-headers.js';
import { FHIR_MEDIA_TYPES, operationOutcome } from './operation-outcome.js';
import type { BarsErrorCode, Issue, IssueType, Problem } from './operation-outcome.js';

/** What of the adapter's intake this route needs. */
export type MessageIntake = Pick<Intake, 'acceptIfRight'>;

type Reason = Pick<RefusalReason, 'code' | 'expected' | 'remedy'>;

export interface MessageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * BaRS `POST /$process-message`: the message is looked at first, so that what is wrong with it is answered at once, and is
 * durable before 200 is said. The same message again is accepted again and changes nothing, so a sender whose answer was
 * lost may repeat it.
 * @param maxBytes greatest message, bytes; it is held in memory while it is looked at.
 */
export async function processMessage(
  intake: MessageIntake,
  headers: IncomingHeaders,
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<MessageAnswer> {
  const format = answerFormat(headers);
  const back = { ...mirrored(headers), 'Content-Type': FHIR_MEDIA_TYPES[format] };
  const answer = (status: number, issues: readonly Issue[], more: Readonly<Record<string, string>> = {}): MessageAnswer => ({
    status,
    headers: { ...back, ...more },
    body: operationOutcome(issues, format),
  });
  try {
    const read = readHeaders(headers);
    if ('problems' in read) return refusal(read.problems, answer);
    const request = { feed: 'bars', mediaType: FHIR_MEDIA_TYPES[read.headers.format] };
    const looked = await intake.acceptIfRight(body, request, maxBytes);
    if (looked.receipt === null) return refusal(problemsOf(looked), answer);
    const { submissionId } = looked.receipt;
    const accepted: Issue = { severity: 'information', type: 'informational', diagnostics: `Accepted and kept as submission ${submissionId}.` };
    return answer(200, [accepted], { Location: `/submissions/${submissionId}` });
  } catch (error) {
    const problem = problemOf(error);
    if (problem === null) throw error;
    return refusal([problem], answer, error instanceof AdapterBusy ? { 'Retry-After': String(error.retryAfterSeconds) } : {});
  }
}

type Answer = (status: number, issues: readonly Issue[], more?: Readonly<Record<string, string>>) => MessageAnswer;

function refusal(problems: readonly Problem[], answer: Answer, more: Readonly<Record<string, string>> = {}): MessageAnswer {
  const [first] = problems;
  return answer(first?.status ?? 400, problems, more);
}

function problemsOf({ refusal: whole, refused }: Extract<LookedAt, { receipt: null }>): readonly Problem[] {
  return whole === null ? refused.map((finding) => described(finding, finding.path)) : [described(whole, whole.place)];
}

/** Status, BaRS code and issue type by our own code; what is not listed is a value that is wrong. */
const CAUSES: Readonly<Record<string, readonly [number, BarsErrorCode, IssueType]>> = {
  'missing-field': [400, 'REC_BAD_REQUEST', 'required'],
  'missing-resource': [400, 'REC_BAD_REQUEST', 'required'],
  'not-this-format': [400, 'REC_BAD_REQUEST', 'structure'],
  'wrong-namespace': [400, 'REC_BAD_REQUEST', 'structure'],
  'wrong-encoding': [400, 'REC_BAD_REQUEST', 'structure'],
  truncated: [400, 'REC_BAD_REQUEST', 'structure'],
  malformed: [400, 'REC_BAD_REQUEST', 'structure'],
  empty: [400, 'REC_BAD_REQUEST', 'structure'],
  'doctype-forbidden': [400, 'REC_BAD_REQUEST', 'structure'],
  'too-deep': [400, 'REC_BAD_REQUEST', 'structure'],
  'text-too-long': [400, 'REC_BAD_REQUEST', 'too-long'],
  'too-large': [413, 'REC_BAD_REQUEST', 'too-long'],
  'record-too-large': [413, 'REC_BAD_REQUEST', 'too-long'],
  'compressed-too-far': [413, 'REC_BAD_REQUEST', 'too-long'],
  'timed-out': [408, 'REC_TIMEOUT', 'timeout'],
  'unsupported-message': [422, 'REC_UNPROCESSABLE_ENTITY', 'not-supported'],
};

const ELEMENT = /^[A-Z][A-Za-z]*(?:\.[A-Za-z[\]0-9.]+)?$/;

function described({ code, expected, remedy }: Reason, place: string): Problem {
  const [status, errorCode, type] = CAUSES[code] ?? [400, 'REC_BAD_REQUEST', 'value'];
  const problem = { severity: 'error', status, errorCode, type } as const;
  const diagnostics = `${code}: expected ${expected}. ${remedy}`;
  return ELEMENT.test(place) ? { ...problem, diagnostics, expression: place } : { ...problem, diagnostics: `At ${place}: ${diagnostics}` };
}

/** Null for what is neither the message's fault nor a full disk or too many messages: that is for the server to report. */
function problemOf(error: unknown): Problem | null {
  if (error instanceof SubmissionRefused) return described(error, error.place);
  const unavailable = { severity: 'error', status: 503, errorCode: 'REC_SERVICE_UNAVAILABLE', type: 'transient' } as const;
  if (error instanceof AdapterBusy) return { ...unavailable, diagnostics: error.remedy };
  if (!(error instanceof SpoolNotWritable)) return null;
  return { ...unavailable, diagnostics: 'The message could not be kept; nothing was accepted. Send it again later.' };
}
