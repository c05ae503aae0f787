import { Controller, Get, Param } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { BusError } from '@throughline/event-bus';
import { StateStoreError } from '@throughline/state-store';
import { UnavailableFilter } from './unavailable.filter.js';

const FAULTS: Readonly<Record<string, Error>> = {
  store: new StateStoreError('STORE_UNREACHABLE', 'GET', 'Wait until the store answers.'),
  log: new BusError('POSITION_UNKNOWN', 'partner-events.nhs', 'Wait until a broker answers.', true),
  own: new TypeError('a fault of ours'),
};

@Controller()
class Asked {
  @Get(':which')
  ask(@Param('which') which: string): never {
    throw FAULTS[which]!;
  }
}

let app: NestFastifyApplication;
beforeAll(async () => {
  const module = await Test.createTestingModule({ controllers: [Asked] }).compile();
  app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalFilters(new UnavailableFilter());
  await app.init();
});
afterAll(() => app.close());

it.each([
  ['store', 503, { code: 'STORE_UNREACHABLE', remedy: 'Wait until the store answers.' }],
  ['log', 503, { code: 'POSITION_UNKNOWN', remedy: 'Wait until a broker answers.' }],
  ['own', 500, {}],
])('says of the %s that it is away, with code and remedy, and of nothing else', async (which, status, said) => {
  const { statusCode, body } = await app.inject({ url: `/${which}` });
  expect(statusCode).toBe(status);
  expect(JSON.parse(body)).toMatchObject(said);
  expect('code' in (JSON.parse(body) as object)).toBe('code' in said);
});
