import { DEFAULT_LIMITS, Intake, pacedPayload } from '@throughline/adapter-kit';
import type { Pace } from '@throughline/adapter-kit';
import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiConsumes, ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { FHIR_MEDIA_TYPES } from './operation-outcome.js';
import { processMessage } from './process-message.js';

/** A message is a few hundred kilobytes at most: a sender slower than this holds a connection for nothing. */
const PACE: Pace = { graceMs: 5_000, bytesPerSecond: 4_096 };

/** The BaRS endpoint: one message, answered once it is durable. */
@ApiTags('bars')
@Controller('$process-message')
export class ProcessMessageController {
  constructor(@Inject(Intake) private readonly intake: Intake) {}

  @Post()
  @ApiOperation({ summary: 'Send one BaRS referral request message.' })
  @ApiHeader({ name: 'NHSD-Target-Identifier', required: true, description: 'Base64 of {"value":…,"system":…} of the service addressed.' })
  @ApiHeader({ name: 'X-Request-Id', required: true, description: 'UUID, mirrored.' })
  @ApiHeader({ name: 'X-Correlation-Id', required: true, description: 'UUID, mirrored.' })
  @ApiConsumes(FHIR_MEDIA_TYPES.json, FHIR_MEDIA_TYPES.xml)
  @ApiProduces(FHIR_MEDIA_TYPES.json, FHIR_MEDIA_TYPES.xml)
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiResponse({ status: 200, description: 'Accepted and durable; Location is the submission. The same message again changes nothing.' })
  @ApiResponse({ status: 400, description: 'OperationOutcome: headers or message are not right; nothing was accepted.' })
  @ApiResponse({ status: 413, description: 'OperationOutcome: the message is too large.' })
  @ApiResponse({ status: 415, description: 'OperationOutcome: neither FHIR JSON nor FHIR XML.' })
  @ApiResponse({ status: 422, description: 'OperationOutcome: another message than a referral request.' })
  @ApiResponse({ status: 503, description: 'OperationOutcome: the message could not be kept, or too many come at once; send it again later, where Retry-After says when.' })
  async process(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { status, headers, body } = await processMessage(
      this.intake,
      request.headers,
      pacedPayload(request.raw, PACE),
      DEFAULT_LIMITS.recordBytes,
    );
    if (!request.raw.complete) {
      // Refused before its end: what is still on its way is read over, so that the sender sees the answer.
      void reply.header('connection', 'close');
      request.raw.resume();
    }
    await reply.status(status).headers(headers).send(body);
  }
}
