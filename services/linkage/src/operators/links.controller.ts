import { Body, Controller, Get, HttpCode, HttpException, Inject, Param, Post, Query } from '@nestjs/common';
import { z } from 'zod';
import { DECISION_REQUEST, PREVIEW_REQUEST, WITHDRAWAL_REQUEST } from './decision-request.js';
import { LinkDesk } from './link-desk.js';
import { LinkDeskError } from './link-desk-error.js';

const ID_EXPECTED = '32 hexadecimal digits';
const ID = z.string(ID_EXPECTED).regex(/^[0-9a-f]{32}$/, ID_EXPECTED);
const BYTES = ID.transform((text) => Buffer.from(text, 'hex'));
const MOST = z.coerce.number().int().min(1).max(1_000).default(100);

const STATUS: Readonly<Record<LinkDeskError['code'], number>> = {
  SUBJECT_UNKNOWN: 404,
  DECISION_UNKNOWN: 404,
  DECISION_EMPTY: 400,
  TOO_MANY_SUBJECTS: 400,
  ALREADY_WITHDRAWN: 409,
  INDEX_BUSY: 503,
  NO_GENERATION: 503,
};

/** Who is who, for operators on this machine: subjects are keyed hashes of the sources' own references, tokens are not told. */
@Controller('internal/links')
export class LinksController {
  constructor(@Inject(LinkDesk) private readonly desk: LinkDesk) {}

  @Get('conflicts')
  conflicts(@Query('most') most?: string): Promise<object> {
    return answer(() => this.desk.conflicts(read(MOST, most, 'most')));
  }

  @Get('decisions')
  decisions(): Promise<object> {
    return answer(async () => ({ decisions: await this.desk.decisions() }));
  }

  /** @param id a participant or a subject */
  @Get('people/:id')
  person(@Param('id') id: string): Promise<object> {
    return answer(() => this.desk.person(read(BYTES, id, 'id')));
  }

  @Get('path')
  explain(@Query('from') from?: string, @Query('to') to?: string): Promise<object> {
    return answer(() => this.desk.explain(read(BYTES, from, 'from'), read(BYTES, to, 'to')));
  }

  @Post('preview')
  @HttpCode(200)
  preview(@Body() body: unknown): Promise<object> {
    return answer(() => this.desk.preview(read(PREVIEW_REQUEST, body, 'body')));
  }

  @Post('decisions')
  decide(@Body() body: unknown): Promise<object> {
    return answer(() => this.desk.decide(read(DECISION_REQUEST, body, 'body')));
  }

  @Post('decisions/:id/withdrawal')
  withdraw(@Param('id') id: string, @Body() body: unknown): Promise<object> {
    return answer(() => this.desk.withdraw(read(ID, id, 'id'), read(WITHDRAWAL_REQUEST, body, 'body')));
  }
}

/** @throws HttpException 400 with every fault at once; no value is repeated. */
function read<T>(schema: z.ZodType<T>, given: unknown, place: string): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `${[place, ...path].join('.')}: ${message}`);
  throw problem(400, 'REQUEST_INVALID', place, `Give ${[...new Set(faults)].join('; ')}.`);
}

async function answer<T extends object>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof LinkDeskError) throw problem(STATUS[error.code], error.code, error.place, error.remedy);
    throw error;
  }
}

/** An error answer in the form of RFC 9457. */
const problem = (status: number, code: string, place: string, remedy: string): HttpException =>
  new HttpException({ type: 'about:blank', status, title: code, code, place, remedy }, status);
