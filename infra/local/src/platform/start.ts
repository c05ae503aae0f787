import { access, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { requireFreePort, terminalProgress } from '@throughline/servers';
import { colour, isRoutine, prefixer } from './console-lines.js';
import { explainWriteError } from './disk-space.js';
import { takeCut } from './figures.js';
import { claimState } from './instance-lock.js';
import { loadSample } from './load-sample.js';
import { startPlatform } from './platform.js';
import type { Platform } from './platform.js';
import { SERVICES } from './services.js';
import { portVariable, readSettings, stateFolders } from './settings.js';
import type { LocalSettings } from './settings.js';
import { runScript } from './workspace-script.js';

/** The sample data are always the same people. */
const SAMPLE_SEED = 'sample';

/** What the recount ends with where it has said that figures differ. */
const FIGURES_DIFFER = 2;

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** A terminal, npm and the bootstrap may each pass on the same Ctrl-C. */
const ONE_INTERRUPTION_MS = 1000;

/** Settles at the first Ctrl-C, SIGTERM or end of the terminal; the second ends the process at once, and with it all children. */
function interruption(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    const ask = (): void => {
      const now = performance.now();
      if (asked !== undefined && now - asked > ONE_INTERRUPTION_MS) process.exit(130);
      asked ??= now;
      resolve();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
    process.once('disconnect', ask);
  });
}

/** Looks at every port before anything is started, so that a taken one costs no waiting. */
async function requireAllPorts(settings: LocalSettings): Promise<void> {
  if (settings.kafkaBrokers === undefined) {
    await requireFreePort(settings.kafkaPort, 'Kafka', 'KAFKA_PORT');
    await requireFreePort(settings.kafkaControllerPort, 'the Kafka controller', 'KAFKA_CONTROLLER_PORT');
  }
  if (settings.redisUrl === undefined) await requireFreePort(settings.redisPort, 'Redis', 'REDIS_PORT');
  for (const [name, { port, telemetryPort }] of settings.ports) {
    if (port !== undefined) await requireFreePort(port, name, portVariable(name, 'PORT'));
    await requireFreePort(telemetryPort, `${name} (telemetry)`, portVariable(name, 'TELEMETRY_PORT'));
  }
}

/**
 * Generates the sample partners' files once, and sends them through the adapters once.
 *
 * @returns whether that was now
 */
async function loadOnce(
  root: string,
  settings: LocalSettings,
  platform: Platform,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { sample } = stateFolders(settings.stateDir);
  const loadedMark = join(settings.stateDir, 'sample-loaded.json');
  if (await exists(loadedMark)) return false;
  if (!(await exists(sample))) {
    const staging = `${sample}.new`;
    await rm(staging, { recursive: true, force: true });
    await mkdir(staging, { recursive: true, mode: 0o700 });
    tell(`Inventing ${settings.samplePeople} people and what each partner knows of them`);
    const words = [staging, '--seed', SAMPLE_SEED, '--people', String(settings.samplePeople)];
    await runScript(root, ['test/population/src/main.ts', ...words], process.env, signal);
    await rename(staging, sample);
  }
  const adapterOf = (deployment: string): string =>
    platform.url(SERVICES.find(({ adapter }) => adapter?.deployment === deployment)?.name ?? deployment);
  const { states, bytes, faulty } = await loadSample(sample, adapterOf, terminalProgress(process.stderr), signal);
  const counts = [...states].map(([state, count]) => `${count} ${state}`).join(', ');
  tell(`${(bytes / 1_000_000).toFixed(1)} MB of submissions: ${counts}. ${faulty} are made faulty, and refused, on purpose.`);
  await writeFile(loadedMark, JSON.stringify({ seed: SAMPLE_SEED, people: settings.samplePeople }));
  return true;
}

/** Freezes the figures, and lays them beside a recount of the sample. */
async function showFigures(
  root: string,
  { stateDir }: LocalSettings,
  { outcomes, linkage }: { readonly outcomes: string; readonly linkage: string },
  firstLoad: boolean,
  tell: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { cut } = await takeCut(outcomes, { signal, progress: terminalProgress(process.stderr) });
  tell(`Cut ${cut}, taken now as at every start. The figures by authority, beside an independent recount of the sample’s files:`);
  const words = [stateFolders(stateDir).sample, '--outcomes', outcomes, '--linkage', linkage, '--state', stateDir, ...(firstLoad ? [] : ['--more-may-be-sent'])];
  // Figures that differ, or could not be counted, are for the reader to look into, on a platform that is up.
  await runScript(root, ['test/recount/src/main.ts', ...words], process.env, signal, [FIGURES_DIFFER]).catch((error: unknown) => {
    signal.throwIfAborted();
    tell(error instanceof Error ? error.message : String(error));
  });
}

function addresses(platform: Platform, settings: LocalSettings): string {
  const rows = SERVICES.map(({ name, port }) => [
    name,
    port === undefined ? '' : platform.url(name),
    `${platform.telemetryUrl(name)}/metrics`,
  ]);
  const width = (column: number): number => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return [
    ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(width(column))).join('  ').trimEnd()}`),
    `  figures as cut    ${platform.url('outcomes')}/feed/v1/outcomes`,
    `  figures as exact  ${platform.url('outcomes')}/internal/cells`,
    `  Kafka             ${platform.kafkaBrokers}`,
    `  data and logs     ${settings.stateDir}`,
  ].join('\n');
}

/**
 * `npm start`: the platform with its sample data, until Ctrl-C.
 *
 * @throws LocalError
 */
export async function start(root: string): Promise<void> {
  const began = performance.now();
  const settings = readSettings(process.env, root);
  const coloured = process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined;
  const tell = (line: string): void => void process.stdout.write(`${colour(1, line, coloured)}\n`);
  const width = Math.max(...SERVICES.map(({ name }) => name.length));
  const printers = new Map(SERVICES.map(({ name }, index) => [name, prefixer(name, index, width, coloured)]));
  // Asked for a level, the console shows all of it; else what needs attention, and the log files the rest.
  const everything = (process.env['LOG_LEVEL'] ?? '') !== '';
  const interrupted = interruption();
  const stopping = new AbortController();

  let release: (() => Promise<void>) | undefined;
  let platform: Platform | undefined;
  try {
    await mkdir(settings.stateDir, { recursive: true, mode: 0o700 });
    release = await claimState(settings.stateDir);
    await requireAllPorts(settings);
    platform = await startPlatform({
      root,
      settings,
      parts: { cacheDir: settings.cacheDir, env: process.env, progress: terminalProgress(process.stderr) },
      tell,
      onLine(service, line) {
        if (everything || !isRoutine(line)) process.stdout.write(`${printers.get(service)?.(line) ?? line}\n`);
      },
    });
    const up = platform;
    const work = async (): Promise<void> => {
      if (settings.samplePeople > 0) {
        const firstLoad = await loadOnce(root, settings, up, tell, stopping.signal);
        await showFigures(root, settings, { outcomes: up.url('outcomes'), linkage: up.url('linkage') }, firstLoad, tell, stopping.signal);
      } else {
        tell('No sample was loaded and no cut was taken, since SAMPLE_PEOPLE is 0. Send files as docs/connect-a-partner.md says, then take a cut with "npm run cut".');
      }
      tell(`Throughline is up after ${((performance.now() - began) / 1000).toFixed(1)} s. Ctrl-C stops it; the data stay for the next start.`);
      process.stdout.write(`${addresses(up, settings)}\n`);
      await interrupted;
    };
    await Promise.race([work(), interrupted]);
    tell('Stopping ...');
  } catch (error) {
    throw explainWriteError(error, settings.stateDir);
  } finally {
    stopping.abort();
    await platform?.stop();
    await release?.();
  }
  tell('Stopped.');
}
