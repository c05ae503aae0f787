import { Catch } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { BusError } from '@throughline/event-bus';
import { StateStoreError } from '@throughline/state-store';
import { PROBLEM_TYPE } from '@throughline/telemetry/http';
import type { FastifyReply } from 'fastify';
import { problem } from './view.js';

/** Answers 503 with its code and remedy where the store or the log cannot be asked: whoever asks again later is answered. */
@Catch(StateStoreError, BusError)
export class UnavailableFilter implements ExceptionFilter {
  catch({ code, remedy }: StateStoreError | BusError, host: ArgumentsHost): void {
    const unavailable = problem(503, code, remedy);
    void host.switchToHttp().getResponse<FastifyReply>().status(unavailable.getStatus()).header('content-type', PROBLEM_TYPE).send(JSON.stringify(unavailable.getResponse()));
  }
}
