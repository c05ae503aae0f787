import { Body, Controller, Get, HttpException, ParseIntPipe, Post, Query } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { RouteProblemFilter } from './route-problem.filter.js';

@Controller('asked')
class Asked {
  @Get()
  ask(@Query('number', ParseIntPipe) number: number): never {
    throw new HttpException({ status: 409, code: 'OF_ITS_OWN', remedy: 'Ask again.', number }, 409);
  }

  @Post()
  tell(@Body() body: object): object {
    return body;
  }
}

let app: NestFastifyApplication;
beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [Asked] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new RouteProblemFilter('docs/operations.md'));
  await app.init();
});
afterAll(() => app.close());

const json = { 'content-type': 'application/json' };
const described = { place: 'request', expected: 'a request as docs/operations.md describes', remedy: 'Compare the request with docs/operations.md.' };

it.each([
  ['no such address', { method: 'GET', url: '/SMITH' }, { status: 404, code: 'no-such-route', ...described }],
  ['another method', { method: 'DELETE', url: '/asked' }, { status: 404, code: 'no-such-route', ...described }],
  ['a parameter that cannot be read', { method: 'GET', url: '/asked?number=SMITH' }, { status: 400, code: 'bad-request', ...described }],
  ['a body that is no JSON', { method: 'POST', url: '/asked', headers: json, payload: '{"SMITH' }, { status: 400, code: 'bad-request', ...described }],
  ['a body of another kind', { method: 'POST', url: '/asked', headers: { 'content-type': 'text/SMITH' }, payload: 'SMITH' }, { status: 415, code: 'bad-request', ...described }],
  ['a refusal of the route itself', { method: 'GET', url: '/asked?number=1' }, { status: 409, code: 'OF_ITS_OWN', remedy: 'Ask again.', number: 1 }],
] as const)('is told as a problem, without what was sent: %s', async (_what, request, problem) => {
  const { statusCode, headers, body } = await app.inject(request);
  expect([statusCode, headers['content-type']?.toString().split(';')[0], JSON.parse(body)]).toEqual([problem.status, 'application/problem+json', problem]);
});
