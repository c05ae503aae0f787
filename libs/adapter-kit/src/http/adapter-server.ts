import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { IncomingMessage } from 'node:http';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';
import { AdapterModule, ApiDescription } from './adapter-module.js';
import type { AdapterModuleParts } from './adapter-module.js';
import { ProblemFilter } from './problem.js';

export interface ServerOptions {
  readonly adapter: AdapterDeclaration;
  readonly watch: AdapterWatch;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
}

/** Header bytes must be here by then; the body has its own pace. */
const HEADERS_TIMEOUT_MS = 10_000;
const CONNECTIONS = 4_096;

const describe = (adapter: AdapterDeclaration): string =>
  adapter.feeds
    .map(({ id, title, formats }) => `- \`${id}\`: ${title} (${formats.flatMap(({ mediaTypes }) => mediaTypes).join(', ')})`)
    .join('\n');

/** The adapter's web server, listening; bodies are handed on as streams and never gathered. */
export const startServer = async (
  options: ServerOptions,
  parts: AdapterModuleParts,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> => {
  const fastify = new FastifyAdapter({
    // A body takes as long as its size needs: pace is judged while it is read.
    requestTimeout: 0,
    connectionTimeout: 0,
    keepAliveTimeout: 5_000,
    forceCloseConnections: true,
  });
  const app = await NestFactory.create<NestFastifyApplication>(AdapterModule.forRoot(parts), fastify, { logger: false, bodyParser: false, abortOnError: false });
  const instance = fastify.getInstance();
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser('*', (_request: unknown, payload: IncomingMessage, done: (error: null, body: IncomingMessage) => void) => done(null, payload));
  instance.server.headersTimeout = HEADERS_TIMEOUT_MS;
  instance.server.maxConnections = CONNECTIONS;
  app.useGlobalFilters(new ProblemFilter(options.watch));
  const document = new DocumentBuilder()
    .setTitle(`${options.adapter.title}: intake`)
    .setDescription(`Send partners' files and messages, read what became of them. Feeds:\n${describe(options.adapter)}`)
    .setVersion('1')
    .build();
  app.get(ApiDescription).json = JSON.stringify(SwaggerModule.createDocument(app, document));
  await app.listen(options.port, options.host);
  const url = await app.getUrl();
  return { url, close: () => app.close() };
};
