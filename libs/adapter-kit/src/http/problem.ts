import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { PROBLEM_TYPE, routeProblem } from '@throughline/telemetry/http';
import type { Problem } from '@throughline/telemetry/http';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SubmissionRefused } from '../adapter-declaration.js';
import { AdapterBusy } from '../intake/intake-slots.js';
import { UnsupportedMediaType } from '../intake/submission-request.js';
import { CommandRefused } from '../pipeline/command-refused.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';
import { SpoolNotWritable } from '../spool/sealed-file.js';

/** Thrown by routes for what is not there. */
export class NoSuchSubmission extends Error {
  override readonly name = 'NoSuchSubmission';
}

const STATUS_OF: Readonly<Record<string, number | undefined>> = {
  'too-large': 413,
  'compressed-too-far': 413,
  'timed-out': 408,
  'missing-parameter': 400,
  'unknown-parameter': 400,
  'bad-parameter': 400,
  'unknown-part': 400,
};

/** The problem an error is told as; what is no error of ours is told by its status alone. */
export const problemOf = (error: unknown): Problem => {
  if (error instanceof SubmissionRefused) {
    const status = error instanceof UnsupportedMediaType ? error.status : (STATUS_OF[error.code] ?? 422);
    return { status, code: error.code, place: error.place, expected: error.expected, remedy: error.remedy };
  }
  if (error instanceof SpoolNotWritable) {
    return { status: 507, code: error.code, place: 'server', expected: 'room to keep the submission', remedy: 'Nothing was accepted. Send it again later; the adapter’s operator has to free space.' };
  }
  if (error instanceof AdapterBusy) {
    return { status: 503, code: error.code, place: 'server', expected: 'fewer submissions at once', remedy: error.remedy };
  }
  if (error instanceof CommandRefused) {
    return { status: 409, code: error.code, place: `state ${error.state}`, expected: error.expected, remedy: error.remedy };
  }
  if (error instanceof NoSuchSubmission) {
    return { status: 404, code: 'no-such-submission', place: 'id', expected: 'the id of a receipt given here', remedy: 'Use the submissionId of the receipt.' };
  }
  if (error instanceof HttpException) {
    return routeProblem(error.getStatus(), '/openapi.json');
  }
  return { status: 500, code: 'internal', place: 'server', expected: 'an answer', remedy: 'Nothing was accepted. Send it again; if it stays so, tell the adapter’s operator the time.' };
};

/** How long what a refused sender still sends is read over, so that it gets to see the answer, milliseconds. */
const DRAIN_MS = 2_000;

/** Answers every error as a problem. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly watch: AdapterWatch) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const reply = http.getResponse<FastifyReply>();
    const { raw } = http.getRequest<FastifyRequest>();
    const problem = problemOf(error);
    if (error instanceof AdapterBusy) void reply.header('retry-after', String(error.retryAfterSeconds));
    else if (problem.status >= 500) this.watch.failed('answering a request', null, error);
    if (!raw.complete) {
      void reply.header('connection', 'close');
      // The reader that gave up still listens, and while it does the stream would not flow.
      raw.removeAllListeners('readable');
      raw.resume();
      setTimeout(() => raw.destroy(), DRAIN_MS).unref();
    }
    void reply.status(problem.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
