import 'reflect-metadata';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { readEnvironment } from './environment.js';
import { LinkageService } from './linkage-service.js';

/** Stopping in order takes at most so long, milliseconds: less than any supervisor waits. */
const STOP_WITHIN_MS = 12_000;

async function main(): Promise<void> {
  const settings = readEnvironment(process.env);
  const logger = createLogger({ service: 'linkage', level: settings.logLevel });
  const telemetry = createTelemetry({ service: 'linkage', kind: 'linkage', build: { version: '0.1.0', revision: 'source' } });
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    if (stopping !== undefined) return;
    // What is stored is stored, and the rest is read again: nothing is worth being killed for.
    setTimeout(() => {
      logger.warn({}, 'stopped before the work under way had ended; it is done again after the next start');
      process.exit(process.exitCode ?? 0);
    }, STOP_WITHIN_MS).unref();
    stopping = service
      .stop()
      .then(
        () => logger.info({}, 'stopped'),
        (error: unknown) => {
          logger.error({ err: error }, 'stopping failed');
          process.exitCode = 1;
        },
      )
      // A client that has given up on its brokers may still hold a timer.
      .then(() => process.exit(process.exitCode ?? 0));
  };
  const service = new LinkageService({
    settings,
    logger,
    telemetry,
    onCrash: () => {
      process.exitCode = 1;
      stop();
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  const port = await service.start();
  logger.info({ port, telemetryPort: settings.telemetryPort }, 'linkage runs');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'linkage could not start'}\n`);
  // What was opened before would keep the process: one that does nothing, and that nobody starts again.
  process.exit(1);
});
