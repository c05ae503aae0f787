import { Controller, Get, HttpCode, Inject, ParseIntPipe, Post, Query } from '@nestjs/common';
import { problem, View } from '../view.js';
import { NotBeingBuilt } from './not-being-built.js';
import { RebuildUnderWay } from './rebuild-under-way.js';

/** Rebuilding and mending the view, by operators on this machine. */
@Controller('internal')
export class GenerationsController {
  constructor(@Inject(View) private readonly view: View) {}

  @Get('generations')
  list(): object {
    return { generations: this.view.keeper.status() };
  }

  /**
   * Begins the next generation; figures are shown from the present one until it is complete.
   * @param instead the generation under construction whose place it takes; 409 where that is not under construction.
   */
  @Post('rebuild')
  @HttpCode(202)
  async rebuild(@Query('instead', new ParseIntPipe({ optional: true })) instead?: number): Promise<object> {
    try {
      return { generation: await this.view.keeper.rebuild(instead ?? null) };
    } catch (error) {
      if (error instanceof RebuildUnderWay) throw problem(409, error.code, error.remedy, { generation: error.generation });
      if (error instanceof NotBeingBuilt) throw problem(409, error.code, error.remedy, { generations: error.generations });
      throw error;
    }
  }

  /** Marks everyone, so that whatever does not follow from the log is mended. */
  @Post('sweep')
  @HttpCode(202)
  async sweep(): Promise<object> {
    await this.view.keeper.sweep();
    return { marked: 'everyone' };
  }
}
