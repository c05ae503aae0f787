import 'reflect-metadata';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { readEnvironment } from './environment.js';
import { OutcomesService } from './outcomes-service.js';

async function main(): Promise<void> {
  const settings = readEnvironment(process.env);
  const logger = createLogger({ service: 'outcomes', level: settings.logLevel });
  const telemetry = createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0.1.0', revision: 'source' } });
  let stopping: Promise<void> | undefined;
  const stop = (): void => {
    stopping ??= service.stop().then(
      () => logger.info({}, 'stopped'),
      (error: unknown) => {
        logger.error({ err: error }, 'stopping failed');
        process.exitCode = 1;
      },
    );
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
