import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { PROBLEM_TYPE, routeProblem } from './problem.js';

/** Whether a route gave its answer a code; what Nest says by itself has none. */
const isProblem = (body: unknown): body is object => typeof body === 'object' && body !== null && 'code' in body;

/** Answers what no route takes, and what routes refuse, in one form. */
@Catch(HttpException)
export class RouteProblemFilter implements ExceptionFilter<HttpException> {
  /** @param described where the requests that are understood are described */
  constructor(private readonly described: string) {}

  catch(error: HttpException, host: ArgumentsHost): void {
    const status = error.getStatus();
    const body = error.getResponse();
    const problem = isProblem(body) ? body : routeProblem(status, this.described);
    void host.switchToHttp().getResponse<FastifyReply>().status(status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(problem));
  }
}
