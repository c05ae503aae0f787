import type { RedisConnection } from '@throughline/state-store';
import type { Telemetry, TelemetryServer } from '@throughline/telemetry';
import type { CutLog } from './cuts/cut-log.js';
import type { GenerationKeeper } from './generations/generation-keeper.js';

/** A fetch, even an empty one, is answered many times a second. */
const FETCH_IS_OLD_AFTER_MS = 30_000;

export interface WatchedFigures {
  readonly telemetry: Telemetry;
  readonly keeper: GenerationKeeper;
  readonly cuts: CutLog;
  readonly connection: RedisConnection;
  readonly now: () => number;
  readonly deploymentOf: (topic: string) => string | undefined;
}

/** What operations staff see of the figures: how fresh, how complete, what waits. */
export function watchFigures(server: TelemetryServer, { telemetry, keeper, cuts, connection, now, deploymentOf }: WatchedFigures): TelemetryServer {
  const shownOrNewest = () => keeper.current ?? keeper.runs.at(-1);
  telemetry.viewComplete.readAtScrape(() => [[{}, keeper.current === null || keeper.isInDoubt ? 0 : 1]]);
  telemetry.viewProgress.readAtScrape(() => [[{}, keeper.progress]]);
  const held = () => [...keeper.runs.flatMap(({ consumer }) => consumer.held()), ...cuts.held()];
  telemetry.consumerRunning.readAtScrape(() => [[{}, keeper.runs.length > 0 && held().length === 0 ? 1 : 0]]);
  telemetry.consumerLastFetch.readAtScrape(() => [[{}, (shownOrNewest()?.consumer.lastFetchAt ?? 0) / 1_000]]);
  telemetry.figuresFresh.readAtScrape(() => [[{}, (shownOrNewest()?.freshAt ?? 0) / 1_000]]);
  telemetry.consumerLag.readAtScrape(
    () => shownOrNewest()?.consumer.lags().map(({ topic, partition, next, end }) => [{ deployment: deploymentOf(topic) ?? '', partition }, end - next] as const) ?? [],
  );
  telemetry.lastCut.readAtScrape(() => (cuts.last === null ? [] : [[{}, cuts.last.takenAt / 1_000]]));
  const seenFirst = new Map<string, number>();
  const marks = async (): Promise<Map<string, number>> => {
    const run = shownOrNewest();
    const ids = new Set(run === undefined ? [] : await run.markIds(run.locations()));
    for (const id of seenFirst.keys()) if (!ids.has(id)) seenFirst.delete(id);
    for (const id of ids) if (!seenFirst.has(id)) seenFirst.set(id, now());
    return seenFirst;
  };
  telemetry.timelineBytes.readAtScrape(() => [[{}, keeper.runs.reduce((sum, run) => sum + run.timelineBytes, 0)]]);
  telemetry.participantsUnreadable.readAtScrape(() => [[{}, shownOrNewest()?.unreadable ?? 0]]);
  telemetry.dirtyMarks.readAtScrape(async () => [[{}, (await marks()).size]]);
  telemetry.oldestMarkAge.readAtScrape(() => [[{}, seenFirst.size === 0 ? 0 : (now() - Math.min(...seenFirst.values())) / 1_000]]);
  return server
    .live('consuming', async () => {
      const dead = keeper.runs.some(({ consumer }) => consumer.lastFetchAt !== undefined && now() - consumer.lastFetchAt > 4 * FETCH_IS_OLD_AFTER_MS);
      return dead ? { ok: false, reason: 'No fetch was answered for two minutes.' } : { ok: true };
    })
    .ready('redis', async () => {
      await connection.command('PING');
      return { ok: true };
    })
    .ready('log', () => {
      const [first] = held();
      return first === undefined ? { ok: true } : { ok: false, reason: first.message };
    })
    .ready('fetching', async () => {
      const fresh = keeper.runs.length > 0 && keeper.runs.every(({ consumer }) => now() - (consumer.lastFetchAt ?? 0) <= FETCH_IS_OLD_AFTER_MS);
      return fresh ? { ok: true } : { ok: false, reason: 'No fetch was answered lately: see that Kafka runs and its topics exist.' };
    });
}
