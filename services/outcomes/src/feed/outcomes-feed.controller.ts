import { Controller, Get, Headers, Inject, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { NumberedCut } from '../cuts/cut.js';
import { problem, View } from '../view.js';
import { feedCsv } from './feed-csv.js';
import { feedFormat } from './feed-query.js';
import { outcomeRows } from './outcome-rows.js';
import { ROUND_TO, SUPPRESS_BELOW, WITHHELD } from './suppression.js';

const STATUS = 'provisional';

/** The last cut, and nothing later: figures that may leave the platform once releases exist. */
@Controller('feed/v1')
export class OutcomesFeedController {
  constructor(@Inject(View) private readonly view: View) {}

  @Get('outcomes')
  async outcomes(@Query() query: Record<string, unknown>, @Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): Promise<void> {
    const format = feedFormat(query);
    const cut = await this.#lastCut();
    const rows = outcomeRows(cut.content, this.view.geography).map((row) => ({ ...row, cut: cut.number, status: STATUS }));
    if (format === 'csv' || (format === undefined && /\btext\/csv\b/.test(accept ?? ''))) {
      await reply
        .header('content-disposition', `attachment; filename="outcomes-cut-${cut.number}.csv"`)
        .type('text/csv; charset=utf-8; header=present')
        .send(feedCsv(rows));
      return;
    }
    await reply.type('application/json; charset=utf-8').send({
      cut: cut.number,
      taken_at: new Date(cut.takenAt).toISOString(),
      status: STATUS,
      position: cut.content.position,
      rules_version: cut.content.rulesVersion,
      disclosure: { rule: 'ONS_10_5', withheld: WITHHELD, withheld_below: SUPPRESS_BELOW, rounded_to: ROUND_TO },
      outcomes: rows.map(({ cut: _, status: __, ...row }) => row),
    });
  }

  /** A cut stands whatever becomes of the view it was taken from. @throws HttpException 503 while none is known */
  async #lastCut(): Promise<NumberedCut> {
    const { cuts } = this.view;
    if (cuts.last !== null) return cuts.last;
    if (!cuts.known) throw problem(503, 'CUTS_NOT_READ', 'Wait until the cuts have been read from the log.', { progress: 0 });
    await this.view.shown();
    throw problem(503, 'NO_CUT', 'Take the first cut: npm run cut.', { progress: 1 });
  }
}
