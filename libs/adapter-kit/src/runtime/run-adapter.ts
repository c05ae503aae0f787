import { readFile } from 'node:fs/promises';
import type { Type } from '@nestjs/common';
import { BusError, EventProducer } from '@throughline/event-bus';
import { parseKeysFile } from '@throughline/identity';
import type { PartnerKeys } from '@throughline/identity';
import { PostcodeDirectory } from '@throughline/reference-data';
import { createLogger, createTelemetry, TelemetryServer } from '@throughline/telemetry';
import type { Telemetry } from '@throughline/telemetry';
import { FAULT_CODES, REFUSAL_CODES, SKIP_REASONS } from '../adapter-declaration.js';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import { Inbox } from '../inbox/inbox.js';
import { DEFAULT_LIMITS, readSettings, SettingsInvalid } from './adapter-options.js';
import type { AdapterSettings } from './adapter-options.js';
import { kafkaSink } from './kafka-sink.js';
import { openAdapter, serveAdapter } from './open-adapter.js';
import type { OpenAdapter } from './open-adapter.js';
import { restoreFrom } from './restore-from.js';
import { telemetryWatch } from './telemetry-watch.js';

type Environment = Readonly<Record<string, string | undefined>>;

/** An adapter's declaration, or what makes it of settings of its own; throws {@link SettingsInvalid} where it cannot. */
export type DeclaredBy = AdapterDeclaration | ((environment: Environment) => AdapterDeclaration);

export interface RunOptions {
  /** Controllers of the partner's own protocol; they are given `Intake`. */
  readonly extraControllers?: readonly Type[];
  /** Default: the process's. */
  readonly environment?: Environment;
}

const HELD_LEAST = 20;
const GZIP_RATIO = 200;
const INBOX_QUIET_MS = 5_000;
const INBOX_SCAN_MS = 15_000;
const HOUSEKEEPING_MS = 60_000;
/** Stopping in order takes at most so long. */
const STOP_MS = 8_000;
const HOUR_MS = 3_600_000;

/**
 * A whole adapter process: `main.ts` of a service is a call of this. Reads the environment once, opens the spool, serves
 * HTTP, telemetry and the inbox, publishes to Kafka. On SIGTERM or SIGINT it stops in order: doors first, then the work
 * under way, then the producer. What cannot be used at start is told in one message, and the exit code is 1.
 */
export async function runAdapter(declared: DeclaredBy, options: RunOptions = {}): Promise<void> {
  try {
    await start(declared, options);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exit(1);
  }
}

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'The adapter could not start.';
  const { remedy } = error as { remedy?: unknown };
  return typeof remedy === 'string' ? `${error.message}\n${remedy}` : error.message;
};

const readKeys = async (file: string): Promise<PartnerKeys> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new SettingsInvalid([`KEYS_FILE: cannot be read (${error.code ?? 'unknown cause'})`]);
  });
  return parseKeysFile(text);
};

async function start(declared: DeclaredBy, { environment = process.env, extraControllers = [] }: RunOptions): Promise<void> {
  const adapter = typeof declared === 'function' ? declared(environment) : declared;
  const settings = readSettings(adapter, environment);
  const keys = await readKeys(settings.KEYS_FILE);
  const service = `${adapter.name}-adapter`;
  const logger = createLogger({ service, level: settings.LOG_LEVEL });
  const now = (): Date => new Date();
  const telemetry = createTelemetry({
    service,
    kind: 'adapter',
    build: { version: '0.1.0', revision: 'source' },
    declare: {
      feed: adapter.feeds.map(({ id }) => id),
      deployment: [settings.DEPLOYMENT],
      partner: [settings.PARTNER],
      code: [...FAULT_CODES, ...REFUSAL_CODES, ...SKIP_REASONS],
    },
  });
  const postcodes = await (settings.POSTCODE_FILE === undefined ? PostcodeDirectory.load() : PostcodeDirectory.load(settings.POSTCODE_FILE));
  const producer = new EventProducer({ brokers: settings.KAFKA_BROKERS, clientId: service });
  const watch = telemetryWatch({ telemetry, logger, partner: settings.PARTNER, expectedIntervalMs: settings.EXPECTED_INTERVAL_HOURS * HOUR_MS, now });
  const open = await openAdapter(
    {
      adapter,
      deployment: settings.DEPLOYMENT,
      partner: settings.PARTNER,
      keys,
      agreementIds: settings.agreementIds,
      defaultProgramme: settings.PROGRAMME ?? null,
      spoolDir: settings.SPOOL_DIR,
      sink: kafkaSink(producer),
      locate: (postcode) => postcodes.find(postcode),
      limits: DEFAULT_LIMITS,
      bounds: { maxBytes: settings.MAX_SUBMISSION_BYTES, gzipRatio: GZIP_RATIO },
      held: { share: settings.HELD_SHARE, least: HELD_LEAST },
      watch,
      now,
    },
    settings.LEDGER_EXPORT_FILE === undefined ? undefined : restoreFrom(settings.LEDGER_EXPORT_FILE, { deployment: settings.DEPLOYMENT, watch, logger }),
  );
  const inbox = settings.INBOX_DIR === undefined ? null : inboxOf(adapter, settings.INBOX_DIR, open, now);
  const server = await serveAdapter(adapter, open, { host: settings.HOST, port: settings.PORT }, extraControllers);
  const telemetryServer = telemetryOf(telemetry, settings, adapter, open, producer);
  await telemetryServer.listen();
  await inbox?.start();
  const housekeeping = setInterval(() => {
    void open.pipeline.deletePayloads(settings.SPOOL_RETENTION_HOURS * HOUR_MS).catch((error: unknown) => open.watch.failed('deleting old payloads', null, error));
  }, HOUSEKEEPING_MS);
  logger.info({ url: server.url, ledgerComplete: open.ledger.complete }, 'ready');

  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    // Whatever is under way may be done again: a broker that does not answer must not keep the process.
    setTimeout(() => {
      logger.warn({}, 'stopped before the work under way had ended; it resumes at the next start');
      process.exit(0);
    }, STOP_MS).unref();
    clearInterval(housekeeping);
    await server.close();
    await inbox?.stop();
    await open.close();
    await producer.close();
    await telemetryServer.close();
    logger.info({}, 'stopped');
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      stop().catch((error: unknown) => {
        logger.error({ err: error }, 'could not stop in order');
        process.exitCode = 1;
      });
    });
  }
}

const inboxOf = (adapter: AdapterDeclaration, folder: string, { intake, pipeline, ledger, watch }: OpenAdapter, now: () => Date): Inbox =>
  new Inbox({ adapter, folder, intake, pipeline, ledger, watch, now, quietMs: INBOX_QUIET_MS, scanMs: INBOX_SCAN_MS });

const telemetryOf = (telemetry: Telemetry, settings: AdapterSettings, adapter: AdapterDeclaration, open: OpenAdapter, producer: EventProducer): TelemetryServer => {
  telemetry.spoolBytes.readAtScrape(async () => [[{}, (await open.spool.usage()).bytes]]);
  telemetry.diskFree.readAtScrape(async () => [[{ volume: 'spool' }, (await open.spool.usage()).free]]);
  telemetry.diskSize.readAtScrape(async () => [[{ volume: 'spool' }, (await open.spool.usage()).size]]);
  telemetry.spoolAge.readAtScrape(() => {
    const oldest = open.pipeline.oldestWaiting();
    return [[{}, oldest === undefined ? 0 : (Date.now() - oldest.receivedAt.getTime()) / 1_000]];
  });
  telemetry.submissionsHeld.readAtScrape(() => {
    const held = open.ledger.jobsIn('held').map(({ submission }) => open.receipts.find(submission)?.feed);
    return adapter.feeds.map(({ id }) => [{ feed: id }, held.filter((feed) => feed === id).length] as const);
  });
  return new TelemetryServer({ telemetry, port: settings.TELEMETRY_PORT, host: settings.TELEMETRY_HOST })
    .ready('spool', async () => {
      const probe = open.spool.write();
      try {
        await probe.finish(open.spool.probePath);
        return { ok: true };
      } catch {
        return { ok: false, reason: 'The spool cannot be written: free space and check its permissions.' };
      } finally {
        await probe.discard();
      }
    })
    .ready('kafka', async () => {
      try {
        await producer.connect();
        return { ok: true };
      } catch (error) {
        return { ok: false, reason: `Kafka cannot be reached (${error instanceof BusError ? error.code : 'unknown'}): accepted submissions wait in the spool.` };
      }
    });
};
