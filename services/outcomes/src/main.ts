import 'reflect-metadata';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { readEnvironment } from './environment.js';
import { OutcomesService } from './outcomes-service.js';

/** Stopping in order takes at most so long, milliseconds: less than any supervisor waits. */
const STOP_WITHIN_MS = 12_000;

async function main(): Promise<void> {
  const settings = readEnvironment(process.env);
  const logger = createLogger({ service: 'outcomes', level: settings.logLevel });
  const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0.1.0', revision: 'source' } });
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
  const service = new OutcomesService({
    settings,
    logger,
    telemetry,
    onCrash: (error) => {
      logger.fatal({ err: error }, 'the consumer died');
      process.exitCode = 1;
      stop();
    },
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  const port = await service.start();
  logger.info({ port, telemetryPort: settings.telemetryPort }, 'outcomes runs');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'outcomes could not start'}\n`);
  process.exit(1);
});
