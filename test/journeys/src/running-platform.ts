import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { defaultCacheDir, isolatedSettings, loadSample, SERVICES, silentProgress, startPlatform, takeCut } from '@throughline/local';
import type { LocalSettings, Platform } from '@throughline/local';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../../..');

/** The whole platform as `npm start` runs it, on ports and in a folder of its own, with Kafka and Redis of its own. */
export interface RunningPlatform {
  readonly platform: Platform;
  readonly stateDir: string;
  /** Ports and folders, for a later start on the same. */
  readonly settings: LocalSettings;
  /** What services wrote, newest last; for the message of a failing test. */
  readonly lines: readonly string[];
  readonly adapterUrl: (deployment: string) => string;
  /** Sends a folder's submissions as partners would and waits until each is done with. */
  readonly load: (folder: string) => Promise<ReadonlyMap<string, number>>;
  /** Exact cells once everything sent so far is counted: cell text → count. */
  readonly cells: () => Promise<Map<string, number>>;
  readonly stop: () => Promise<void>;
}

export interface RunOptions {
  /** Keeps what an earlier run left there; default a new folder, gone with `stop`. */
  readonly stateDir?: string;
  /** Those of an earlier run, to start again as a user does: the same folder and the same ports. */
  readonly settings?: LocalSettings;
  /** Which services, by name. Default: all. */
  readonly services?: readonly string[];
  /** Services that end unasked are started again. */
  readonly restart?: boolean;
  /** How much services write. Default `warn`. */
  readonly logLevel?: LocalSettings['logLevel'];
}

export async function runPlatform({ stateDir, settings: earlier, services, restart = false, logLevel = 'warn' }: RunOptions = {}): Promise<RunningPlatform> {
  const given = earlier?.stateDir ?? stateDir;
  const folder = given ?? (await mkdtemp(join(tmpdir(), 'throughline-journey-')));
  const settings = { ...(earlier ?? (await isolatedSettings(folder, defaultCacheDir(process.env)))), logLevel };
  const lines: string[] = [];
  const platform = await startPlatform({
    root: ROOT,
    settings,
    parts: { cacheDir: settings.cacheDir, env: process.env, progress: silentProgress },
    restart,
    ...(services === undefined ? {} : { services }),
    tell: (line) => void lines.push(line),
    onLine: (service, line) => void lines.push(`${service} ${line}`),
  });
  const adapterUrl = (deployment: string): string =>
    platform.url(SERVICES.find(({ adapter }) => adapter?.deployment === deployment)?.name ?? deployment);
  return {
    platform,
    stateDir: folder,
    settings,
    lines,
    adapterUrl,
    load: async (submissions) => (await loadSample(submissions, adapterUrl, silentProgress)).states,
    cells: () => countedCells(platform.url('outcomes')),
    async stop() {
      // Nobody goes on from a folder that goes with it: what runs there need not end in order.
      if (given === undefined) for (const part of [...platform.services.values(), platform.redis, platform.kafka]) part?.kill();
      await platform.stop();
      if (given === undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A cut waits until all that Kafka holds is counted; the exact cells then are those of its position. */
async function countedCells(outcomesUrl: string): Promise<Map<string, number>> {
  await takeCut(outcomesUrl);
  return exactCells(outcomesUrl);
}

/** What `/internal/cells` shows now. */
export async function exactCells(outcomesUrl: string): Promise<Map<string, number>> {
  const response = await fetch(`${outcomesUrl}/internal/cells`);
  if (!response.ok) throw new Error(`/internal/cells answers ${response.status} ${await response.text()}`);
  const { cells } = (await response.json()) as { cells: readonly { readonly key: string; readonly count: number }[] };
  return new Map(cells.map(({ key, count }) => [key, count]));
}
