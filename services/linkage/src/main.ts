import 'reflect-metadata';
import { DeadLetterPublisher, EventProducer } from '@throughline/event-bus';
import { DEAD_LETTERS, deploymentOf, linkingTopics } from '@throughline/event-contracts';
import { readPlatformEnvironment } from '@throughline/identity';
import { FollowedGenerations, Generations, RedisConnection, ToldRecords } from '@throughline/state-store';
import type { LogPosition } from '@throughline/state-store';
import { createLogger, createTelemetry, NONE, TelemetryServer } from '@throughline/telemetry';
import { z } from 'zod';
import { GenerationRun } from './runs/generation-run.js';

/** A fetch, even an empty one, is answered many times a second. */
const FETCH_IS_OLD_AFTER_MS = 30_000;

/** Stopping in order takes at most so long, milliseconds: less than any supervisor waits. */
const STOP_WITHIN_MS = 12_000;

const NOTE = z.object({ until: z.record(z.string(), z.array(z.number())) });

/** Where a generation is to stay, as outcomes noted when it began it; null: it follows the log. */
function positionOf(note: string): LogPosition | null {
  try {
    return NOTE.parse(JSON.parse(note)).until;
  } catch {
    return null;
  }
}

async function main(): Promise<void> {
  const { platform: settings } = readPlatformEnvironment(process.env, { telemetryPort: 9105 }, {});
  const logger = createLogger({ service: 'linkage', level: settings.logLevel });
  const telemetry = createTelemetry({ service: 'linkage', kind: 'linkage', build: { version: '0.1.0', revision: 'source' } });
  const connection = new RedisConnection({ url: settings.redisUrl });
  const generations = new Generations(connection);
  const producer = new EventProducer({ brokers: settings.brokers, clientId: 'linkage' });
  let stopping: Promise<void> | undefined;

  const followed = new FollowedGenerations({
    generations,
    firstNote: () => 'first',
    newRun: (generation, note) =>
      new GenerationRun({
        generation,
        until: positionOf(note),
        brokers: settings.brokers,
        topics: linkingTopics(settings.deployments),
        connection,
        platformKey: settings.platformKey,
        deadLetters: new DeadLetterPublisher(producer, DEAD_LETTERS, new ToldRecords(connection)),
        telemetry,
        logger,
        onCrash: (error) => {
          logger.fatal({ err: error, generation }, 'the consumer died');
          process.exitCode = 1;
          void stop();
        },
      }),
    onWentBack: (generation) => logger.warn({ generation }, 'the store went back: it is read on from there'),
    onTrouble: (error) => logger.warn({ err: error }, 'generations are looked up again'),
  });
  const { runs } = followed;
  const held = () => [...runs.values()].flatMap(({ consumer }) => consumer.held());

  const server = new TelemetryServer({ telemetry, port: settings.telemetryPort, host: settings.telemetryHost })
    .ready('redis', async () => {
      await connection.command('PING');
      return { ok: true };
    })
    .ready('log', () => {
      const [first] = held();
      return first === undefined ? { ok: true } : { ok: false, reason: first.message };
    })
    .ready('fetching', async () => {
      const stale = [...runs.values()].some(({ consumer }) => Date.now() - (consumer.lastFetchAt ?? 0) > FETCH_IS_OLD_AFTER_MS);
      return runs.size > 0 && !stale ? { ok: true } : { ok: false, reason: 'No fetch was answered lately: see that Kafka runs and its topics exist.' };
    });
  telemetry.consumerRunning.readAtScrape(() => [[{}, stopping === undefined && runs.size > 0 && held().length === 0 ? 1 : 0]]);
  telemetry.consumerLastFetch.readAtScrape(() => [[{}, Math.max(0, ...[...runs.values()].map(({ consumer }) => (consumer.lastFetchAt ?? 0) / 1_000))]]);
  telemetry.consumerLag.readAtScrape(() =>
    [...runs.values()].slice(-1).flatMap(({ consumer }) =>
      consumer.lags().map(({ topic, partition, next, end }) => [{ deployment: deploymentOf(topic) ?? NONE, partition }, end - next] as const),
    ),
  );

  const stop = (): Promise<void> =>
    (stopping ??= (async () => {
      // What is stored is stored, and the rest is read again: nothing is worth being killed for.
      setTimeout(() => {
        logger.warn({}, 'stopped before the work under way had ended; it is done again after the next start');
        process.exit(process.exitCode ?? 0);
      }, STOP_WITHIN_MS).unref();
      await followed.stop();
      await producer.close();
      await server.close();
      await connection.close();
      logger.info({}, 'stopped');
      // A client that has given up on its brokers may still hold a timer.
      process.exit(process.exitCode ?? 0);
    })());
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop());

  await server.listen();
  await generations.ensureFirst('first');
  await followed.start();
  logger.info({ telemetryPort: settings.telemetryPort }, 'linkage runs');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : 'linkage could not start'}\n`);
  // What was opened before would keep the process: one that does nothing, and that nobody starts again.
  process.exit(1);
});
