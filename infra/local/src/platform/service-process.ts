import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LocalError, requireFreePort, startChild, waitFor } from '@throughline/servers';
import { readableLine } from './console-lines.js';
import type { Launched } from './supervised.js';
import { portVariable } from './settings.js';
import type { ServicePorts } from './settings.js';
import { READY_PATH } from './services.js';

export interface ServiceLaunch {
  readonly name: string;
  /** The checkout. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** Flags of Node. */
  readonly flags: readonly string[];
  readonly ports: ServicePorts;
  readonly logDir: string;
  readonly onLine: (line: string) => void;
}

/** What of this process's own environment a service gets: nothing that could change what it does. */
const INHERITED = ['PATH', 'HOME', 'TZ', 'TMPDIR', 'SystemRoot'];

const LAST_LINES = 20;

/** The line of a failed start that says most: what Node calls an error, else the last. */
function causeOf(lines: readonly string[]): string {
  const line = lines.findLast((each) => /\b\w*(Error|error|fatal)\b.*[:=]/.test(each)) ?? lines.at(-1) ?? 'it wrote nothing';
  return readableLine(line).trim().slice(0, 400);
}

/** Whether a service says it can work. */
export async function isReady(telemetryPort: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${telemetryPort}${READY_PATH}`, { signal: AbortSignal.timeout(2000) });
  await response.body?.cancel();
  return response.ok;
}

/**
 * Starts a built service and resolves when it says that it can work. Its output goes to `<logDir>/<name>.log` too.
 *
 * @throws LocalError `PORT_TAKEN`, `SERVICE_FAILED`
 */
export async function launchService({ name, root, env, flags, ports, logDir, onLine }: ServiceLaunch): Promise<Launched> {
  if (ports.port !== undefined) await requireFreePort(ports.port, name, portVariable(name, 'PORT'));
  await requireFreePort(ports.telemetryPort, `${name} (telemetry)`, portVariable(name, 'TELEMETRY_PORT'));
  await mkdir(logDir, { recursive: true });

  const logFile = join(logDir, `${name}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  // A full disk must not take the supervisor down with the log.
  log.on('error', () => undefined);
  const last: string[] = [];
  const inherited = INHERITED.flatMap((key) => (process.env[key] === undefined ? [] : [[key, process.env[key]] as const]));
  const child = await startChild({
    command: process.execPath,
    args: [...flags, join(root, 'services', name, 'dist', 'main.js')],
    cwd: root,
    env: { ...Object.fromEntries(inherited), ...env },
    onLine(line) {
      log.write(`${line}\n`);
      last.push(line);
      if (last.length > LAST_LINES) last.shift();
      onLine(line);
    },
  });
  const exited = child.exited.finally(() => log.end());
  const state = await waitFor(
    async () => {
      if (!child.running()) return 'gone' as const;
      return (await isReady(ports.telemetryPort)) ? ('ready' as const) : undefined;
    },
    { what: `${name} to be ready`, timeoutMs: 90_000, everyMs: 50 },
  ).catch(async (error: unknown) => {
    await child.stop(2000);
    throw error;
  });
  if (state === 'gone') {
    await exited;
    throw new LocalError('SERVICE_FAILED', `${name} ended while starting (${causeOf(last)})`, `see ${logFile}`);
  }
  return { pid: child.pid, exited, stop: () => child.stop(), kill: child.kill, signal: child.signal };
}
