import { Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiOperation, ApiParam, ApiProduces, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import { PROBLEM_TYPE } from '@throughline/telemetry/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Readable } from 'node:stream';
import { SubmissionRefused } from '../adapter-declaration.js';
import { pacedPayload } from '../intake/bounded-payload.js';
import type { Pace } from '../intake/bounded-payload.js';
import { Intake } from '../intake/intake.js';
import { COMMANDS } from '../intake/receipts.js';
import type { Command, Receipts, StoredReceipt } from '../intake/receipts.js';
import type { SubmissionRequest } from '../intake/submission-request.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Finding } from '../ledger/ledger-draft.js';
import { Pipeline } from '../pipeline/pipeline.js';
import { reportCsv, reportJson } from '../report/report.js';
import type { ReportHead } from '../report/report.js';
import { NoSuchSubmission } from './problem.js';

export const RECEIPTS = Symbol('receipts');
export const LEDGER = Symbol('ledger');
export const PACE = Symbol('pace');

const PARAMETERS = ['feed', 'mode', 'asOf', 'programme', 'fullExtract', 'part'] as const;
const WITHDRAWAL_NOTE =
  'Every fact whose latest word came from this submission is withdrawn, just above its revision. What should stand instead must be sent anew, with a later clock; the same payload again changes nothing.';

/** A report of which nothing was taken for so long is given up, milliseconds. */
const REPORT_STALLED_MS = 30_000;

type Query = Readonly<Record<string, string | readonly string[] | undefined>>;

/** Each parameter at most once and by its exact name: a misspelt `fullExtract` must not pass unnoticed. */
const textsOf = <P extends string>(query: Query, known: readonly P[]): Readonly<Partial<Record<P, string>>> => {
  for (const [name, value] of Object.entries(query)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new SubmissionRefused('unknown-parameter', 'query', `only ${known.join(', ')}`, 'Check the spelling of the parameters.');
    }
    if (typeof value !== 'string') throw new SubmissionRefused('bad-parameter', name, 'one value', 'Give the parameter once.');
  }
  return query as Readonly<Partial<Record<P, string>>>;
};

const pageOf = (query: Query): number | undefined => {
  const { before } = textsOf(query, ['before']);
  if (before !== undefined && !/^\d{1,15}$/.test(before)) throw new SubmissionRefused('bad-parameter', 'before', 'the number that the page before gave as next', 'Ask for /submissions first.');
  return before === undefined ? undefined : Number(before);
};

const REPORT_FORMATS = ['json', 'csv'] as const;
type ReportFormat = (typeof REPORT_FORMATS)[number];

/** Undefined: none is asked for, the `accept` header decides. */
const reportFormatOf = (query: Query): ReportFormat | undefined => {
  const { format } = textsOf(query, ['format']);
  const known = REPORT_FORMATS.find((each) => each === format);
  if (format !== undefined && known === undefined) throw new SubmissionRefused('bad-parameter', 'format', `one of ${REPORT_FORMATS.join(', ')}`, 'Ask for format=csv or format=json.');
  return known;
};

/** What a request says beside its body. */
export const requestOf = (request: FastifyRequest, query: Query): SubmissionRequest => {
  const { feed, asOf, programme, fullExtract, part } = textsOf(query, PARAMETERS);
  const length = request.headers['content-length'];
  return {
    feed,
    asOf,
    programme,
    fullExtract,
    part,
    mediaType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    contentLength: length === undefined ? undefined : Number(length),
  };
};

@ApiTags('submissions')
@Controller('submissions')
export class SubmissionsController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(Pipeline) private readonly pipeline: Pipeline,
    @Inject(RECEIPTS) private readonly receipts: Receipts,
    @Inject(LEDGER) private readonly ledger: Ledger,
    @Inject(PACE) private readonly pace: Pace,
  ) {}

  @Post()
  @ApiOperation({ summary: 'Send a submission: the file or message as the request’s body, plain or gzip.' })
  @ApiQuery({ name: 'feed', required: false, description: 'Which feed it is; needed where the adapter has several that take this media type, unless the part tells.' })
  @ApiQuery({ name: 'mode', required: false, enum: ['validate', 'commit'], description: 'validate: answer with the report and keep nothing. Default commit.' })
  @ApiQuery({ name: 'asOf', required: false, description: 'Instant as of when the payload speaks, for formats without a clock of their own: 2026-05-01T09:00:00Z.' })
  @ApiQuery({ name: 'programme', required: false, description: 'Programme the submission belongs to, where the feed takes one.' })
  @ApiQuery({ name: 'fullExtract', required: false, enum: ['true', 'false'], description: 'true: the payload is everything the source holds, so what is missing is withdrawn.' })
  @ApiQuery({ name: 'part', required: false, description: 'File kind, where a feed has several.' })
  @ApiConsumes('application/xml', 'text/csv', 'application/json', 'application/x-ndjson', 'application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 200, description: 'mode=validate: the report.' })
  @ApiResponse({ status: 202, description: 'Accepted and durable: {submissionId, sha256, bytes, state}. The same payload again gives the same receipt.' })
  @ApiResponse({ status: 400, description: 'A parameter is missing, unknown or not well written.' })
  @ApiResponse({ status: 408, description: 'The body came too slowly.' })
  @ApiResponse({ status: 413, description: 'The payload is larger than this adapter takes, or unpacks too far.' })
  @ApiResponse({ status: 415, description: 'Not a media type or encoding of the feed.' })
  @ApiResponse({ status: 422, description: 'mode=validate: the payload as a whole is not what it says.' })
  @ApiResponse({ status: 503, description: 'As much is being taken in as the adapter can hold; nothing was accepted. Send it again after Retry-After.' })
  @ApiResponse({ status: 507, description: 'The spool cannot be written; nothing was accepted.' })
  async send(@Query() query: Query, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const mode = textsOf(query, PARAMETERS).mode ?? 'commit';
    if (mode !== 'commit' && mode !== 'validate') throw new SubmissionRefused('bad-parameter', 'mode', 'validate or commit', 'Correct the mode.');
    const body = pacedPayload(request.raw, this.pace);
    if (mode === 'commit') {
      await reply.status(202).send(await this.intake.accept(body, requestOf(request, query)));
      return;
    }
    const outcome = await this.intake.validate(body, requestOf(request, query));
    const { feed, counts, refusal, wouldBeHeld } = outcome;
    if (refusal !== null) {
      outcome.release();
      await reply.status(422).header('content-type', PROBLEM_TYPE).send(JSON.stringify({ status: 422, ...refusal }));
      return;
    }
    const head: ReportHead = { submissionId: null, feed, mode: 'validate', state: 'validated', counts, refusal, held: wouldBeHeld };
    await this.#sendReport(reply, request, head, outcome.findings(), undefined, outcome.release);
  }

  @Get()
  @ApiOperation({ summary: 'Submissions, newest first.' })
  @ApiQuery({ name: 'before', required: false, description: 'The `next` of the page before.' })
  @ApiResponse({ status: 400, description: 'Not a page that there can be.' })
  list(@Query() query: Query) {
    const { receipts, next } = this.receipts.page(50, pageOf(query));
    return { submissions: receipts.map((receipt) => this.#view(receipt)), next };
  }

  @Get(':id')
  @ApiOperation({ summary: 'State and counts of a submission.' })
  @ApiParam({ name: 'id', description: 'submissionId of the receipt.' })
  @ApiResponse({ status: 404, description: 'No receipt with this id was given here.' })
  one(@Param('id') id: string) {
    return this.#view(this.#find(id));
  }

  @Get(':id/report')
  @ApiOperation({ summary: 'Records that were refused, or skipped for a reason worth telling: number, field, code, what was expected, what to do.' })
  @ApiQuery({ name: 'format', required: false, enum: [...REPORT_FORMATS] })
  @ApiProduces('application/json', 'text/csv')
  @ApiResponse({ status: 400, description: 'No such format of a report.' })
  async report(@Param('id') id: string, @Query() query: Query, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const format = reportFormatOf(query);
    const receipt = this.#find(id);
    const { submissionId, feed, state, counts, refusal, held } = this.#view(receipt);
    const head: ReportHead = { submissionId, feed, mode: 'commit', state, counts, refusal, held };
    await this.#sendReport(reply, request, head, this.ledger.findings(receipt.submission), format);
  }

  @Post(':id/:command')
  @ApiOperation({ summary: 'Confirm or reject a held submission, or withdraw a published one.', description: WITHDRAWAL_NOTE })
  @ApiParam({ name: 'command', enum: [...COMMANDS] })
  @ApiResponse({ status: 202, description: 'Noted, and carried out in turn.' })
  @ApiResponse({ status: 409, description: 'The submission’s state does not allow it.' })
  async command(@Param('id') id: string, @Param('command') command: string, @Res() reply: FastifyReply): Promise<void> {
    const { submission } = this.#find(id);
    if (!(COMMANDS as readonly string[]).includes(command)) {
      throw new SubmissionRefused('bad-parameter', 'command', `one of ${COMMANDS.join(', ')}`, 'Correct the address.');
    }
    this.pipeline.ask(submission, command as Command);
    const answer = { submissionId: submission, command, state: this.pipeline.stateOf(submission) };
    await reply.status(202).send(command === 'withdraw' ? { ...answer, note: WITHDRAWAL_NOTE } : answer);
  }

  #find(id: string): StoredReceipt {
    const receipt = /^[0-9a-f]{32}$/.test(id) ? this.receipts.find(id) : undefined;
    if (receipt === undefined) throw new NoSuchSubmission();
    return receipt;
  }

  #view({ submission, feed, parameters, bytes, receivedAt }: StoredReceipt) {
    const job = this.pipeline.job(submission);
    const { counts, refusal, held } = job?.detail ?? { counts: null, refusal: null, held: null };
    return {
      submissionId: submission,
      feed,
      parameters,
      bytes,
      receivedAt: receivedAt.toISOString(),
      state: this.pipeline.stateOf(submission),
      counts,
      refusal,
      held,
      acknowledged: job === undefined ? null : { entries: job.published, of: job.total },
      report: `/submissions/${submission}/report`,
    };
  }

  async #sendReport(
    reply: FastifyReply,
    request: FastifyRequest,
    head: ReportHead,
    findings: Iterable<Finding>,
    format: ReportFormat | undefined,
    release: () => void = () => undefined,
  ): Promise<void> {
    const csv = format === 'csv' || (format === undefined && (request.headers.accept ?? '').includes('text/csv'));
    const pieces = csv ? reportCsv(head, findings) : reportJson(head, findings);
    const stream = Readable.from(pieces, { objectMode: false });
    // A client that does not read its report must not keep what the report is read from.
    const { socket } = request.raw;
    const giveUp = (): void => void socket.destroy();
    socket.setTimeout(REPORT_STALLED_MS).once('timeout', giveUp);
    stream.once('close', () => {
      socket.off('timeout', giveUp);
      release();
    });
    await reply.status(200).type(csv ? 'text/csv; charset=utf-8' : 'application/json; charset=utf-8').send(stream);
  }
}
