import type { DynamicModule } from '@nestjs/common';
import { Module } from '@nestjs/common';
import { LinkDesk } from './operators/link-desk.js';
import { LinksController } from './operators/links.controller.js';

/** The HTTP side. Each generation's consumer is a microservice of its own: see runs/. */
@Module({})
export class LinkageModule {
  static of(desk: LinkDesk): DynamicModule {
    return { module: LinkageModule, controllers: [LinksController], providers: [{ provide: LinkDesk, useValue: desk }] };
  }
}
