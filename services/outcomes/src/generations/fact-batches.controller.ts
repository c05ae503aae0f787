import type { DynamicModule } from '@nestjs/common';
import { Controller, Inject, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { BatchFaultFilter, Reposition } from '@throughline/event-bus';
import type { BatchContext, ConsumedBatch } from '@throughline/event-bus';
import { FactConsumer } from '../consume/fact-consumer.js';

/** What the transport calls the batches it brings here. */
export const FACTS_PATTERN = 'partner-events';

@Controller()
export class FactBatchesController {
  constructor(@Inject(FactConsumer) private readonly consumer: FactConsumer) {}

  @EventPattern<string>(FACTS_PATTERN)
  async take(@Payload() batch: ConsumedBatch, @Ctx() context: BatchContext): Promise<void> {
    if (!(await this.consumer.take(batch, context))) throw new Reposition('the partition is read from its stored position');
  }
}

/** One generation's consumer as a Nest microservice. */
@Module({})
export class FactBatchesModule {
  static of(consumer: FactConsumer): DynamicModule {
    return {
      module: FactBatchesModule,
      controllers: [FactBatchesController],
      providers: [
        { provide: FactConsumer, useValue: consumer },
        { provide: APP_FILTER, useClass: BatchFaultFilter },
      ],
    };
  }
}
