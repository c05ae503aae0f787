import { deploymentOf } from '@throughline/event-contracts';
import type { RedisConnection } from '@throughline/state-store';
import { NONE } from '@throughline/telemetry';
import type { Telemetry, TelemetryServer } from '@throughline/telemetry';
import type { GenerationRun } from './runs/generation-run.js';

/** A fetch, even an empty one, is answered many times a second. */
const FETCH_IS_OLD_AFTER_MS = 30_000;

export interface WatchedLinks {
  readonly telemetry: Telemetry;
  readonly runs: ReadonlyMap<number, GenerationRun>;
  readonly connection: RedisConnection;
  readonly isStopping: () => boolean;
  /** How many participants are to be looked at. */
  readonly conflicts: () => Promise<number>;
}

/** What operations staff see of linking: how far it has read, whether it can, and what waits for people. */
export function watchLinks(server: TelemetryServer, { telemetry, runs, connection, isStopping, conflicts }: WatchedLinks): TelemetryServer {
  const held = () => [...runs.values()].flatMap(({ consumer }) => consumer.held());
  telemetry.consumerRunning.readAtScrape(() => [[{}, !isStopping() && runs.size > 0 && held().length === 0 ? 1 : 0]]);
  telemetry.consumerLastFetch.readAtScrape(() => [[{}, Math.max(0, ...[...runs.values()].map(({ consumer }) => (consumer.lastFetchAt ?? 0) / 1_000))]]);
  telemetry.consumerLag.readAtScrape(() =>
    [...runs.values()]
      .slice(-1)
      .flatMap(({ consumer }) => consumer.lags().map(({ topic, partition, next, end }) => [{ deployment: deploymentOf(topic) ?? NONE, partition }, end - next] as const)),
  );
  telemetry.linkConflicts.readAtScrape(async () => [[{}, await conflicts()]]);
  return server
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
}
