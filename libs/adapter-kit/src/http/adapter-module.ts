import { Controller, Get, Header, Inject, Module } from '@nestjs/common';
import type { DynamicModule, Type } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Pace } from '../intake/bounded-payload.js';
import { Intake } from '../intake/intake.js';
import type { Receipts } from '../intake/receipts.js';
import type { Ledger } from '../ledger/ledger.js';
import { Pipeline } from '../pipeline/pipeline.js';
import { LEDGER, PACE, RECEIPTS, SubmissionsController } from './submissions.controller.js';

/** Holds the API's description once it is made. */
export class ApiDescription {
  json = '{}';
}

@ApiExcludeController()
@Controller('openapi.json')
export class OpenApiController {
  constructor(@Inject(ApiDescription) private readonly description: ApiDescription) {}

  @Get()
  @Header('content-type', 'application/json')
  read(): string {
    return this.description.json;
  }
}

export interface AdapterModuleParts {
  readonly intake: Intake;
  readonly pipeline: Pipeline;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly pace: Pace;
  /** A partner's own protocol beside `/submissions`; its controllers are given {@link Intake}. */
  readonly extraControllers?: readonly Type[];
}

/** An adapter's HTTP side. */
@Module({})
export class AdapterModule {
  static forRoot(parts: AdapterModuleParts): DynamicModule {
    return {
      module: AdapterModule,
      controllers: [...(parts.extraControllers ?? []), SubmissionsController, OpenApiController],
      providers: [
        { provide: Intake, useValue: parts.intake },
        { provide: Pipeline, useValue: parts.pipeline },
        { provide: RECEIPTS, useValue: parts.receipts },
        { provide: LEDGER, useValue: parts.ledger },
        { provide: PACE, useValue: parts.pace },
        ApiDescription,
      ],
    };
  }
}
