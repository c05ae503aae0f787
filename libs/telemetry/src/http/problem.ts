/** Media type of every answer that is not a success (RFC 9457). */
export const PROBLEM_TYPE = 'application/problem+json';

/** Body of an answer that is not a success. Holds no value of what was sent. */
export interface Problem {
  readonly status: number;
  readonly code: string;
  /** Where: a parameter, header, line or path. */
  readonly place: string;
  readonly expected: string;
  readonly remedy: string;
}

/**
 * The problem of a request that no route takes, or that was not understood before one did.
 * @param described where the requests that are understood are described
 */
export const routeProblem = (status: number, described: string): Problem => ({
  status,
  code: status === 404 ? 'no-such-route' : 'bad-request',
  place: 'request',
  expected: `a request as ${described} describes`,
  remedy: `Compare the request with ${described}.`,
});
