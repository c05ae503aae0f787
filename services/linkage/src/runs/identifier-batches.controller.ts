import type { DynamicModule } from '@nestjs/common';
import { Controller, Inject, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { BatchFaultFilter, Reposition } from '@throughline/event-bus';
import type { BatchContext, ConsumedBatch } from '@throughline/event-bus';
import { IdentifierConsumer } from './identifier-consumer.js';

/** What the transport calls the batches it brings here. */
export const IDENTIFIERS_PATTERN = 'subject-identifiers';

@Controller()
export class IdentifierBatchesController {
  constructor(@Inject(IdentifierConsumer) private readonly consumer: IdentifierConsumer) {}

  @EventPattern<string>(IDENTIFIERS_PATTERN)
  async take(@Payload() batch: ConsumedBatch, @Ctx() context: BatchContext): Promise<void> {
    if (!(await this.consumer.take(batch, context))) throw new Reposition('the partition was moved by another worker');
  }
}

/** One generation's consumer as a Nest microservice. */
@Module({})
export class IdentifierBatchesModule {
  static of(consumer: IdentifierConsumer): DynamicModule {
    return {
      module: IdentifierBatchesModule,
      controllers: [IdentifierBatchesController],
      providers: [
        { provide: IdentifierConsumer, useValue: consumer },
        { provide: APP_FILTER, useClass: BatchFaultFilter },
      ],
    };
  }
}
