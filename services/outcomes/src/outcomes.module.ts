import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { CutsController } from './cuts/cuts.controller.js';
import { CellsController } from './feed/cells.controller.js';
import { OutcomesFeedController } from './feed/outcomes-feed.controller.js';
import { GenerationsController } from './generations/generations.controller.js';
import { RulesDiffController } from './rules-diff/rules-diff.controller.js';
import { View } from './view.js';

/** The HTTP side. Each generation's consumer is a microservice of its own: see generations/. */
@Module({})
export class OutcomesModule {
  static of(view: View): DynamicModule {
    return {
      module: OutcomesModule,
      controllers: [CellsController, CutsController, GenerationsController, OutcomesFeedController, RulesDiffController],
      providers: [{ provide: View, useValue: view }],
    };
  }
}
