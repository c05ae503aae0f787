import { join } from 'node:path';
import { freePort, keysFileOf, nodeFlags, READY_PATH, SERVICES, serviceEnvironment, stateFolders, waitFor } from '@throughline/local';
import { startChild } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { ROOT } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';

/** A service's process beside, or after, others of the same service. */
export interface AnotherProcess extends Child {
  /** Base URL of what it offers. */
  readonly url: string;
}

/** Starts a built service once more, on ports of its own and whatever else as its platform has it; resolves when it is ready. */
export async function startAnother({ platform, stateDir }: RunningPlatform, name: string, signal?: AbortSignal): Promise<AnotherProcess> {
  const spec = SERVICES.find((each) => each.name === name)!;
  const folders = stateFolders(stateDir);
  const deployment = spec.adapter?.deployment ?? name;
  const [port, telemetryPort] = [await freePort(), await freePort()];
  const lines: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: [...nodeFlags(spec), join(ROOT, 'services', name, 'dist', 'main.js')],
    env: serviceEnvironment(spec, {
      host: '127.0.0.1',
      kafkaBrokers: platform.kafkaBrokers,
      redisUrl: platform.redisUrl,
      keysFile: keysFileOf(folders.keys, spec),
      spoolDir: folders.spool(deployment),
      inboxDir: folders.inbox(deployment),
      logLevel: 'warn',
      ports: { port, telemetryPort },
    }),
    onLine: (line) => void lines.splice(0, lines.length, line),
  });
  try {
    await waitFor(
      async () => {
        if (!child.running()) return 'gone' as const;
        return (await fetch(`http://127.0.0.1:${telemetryPort}${READY_PATH}`)).ok ? ('ready' as const) : undefined;
      },
      { what: `another ${name} to be ready`, timeoutMs: 120_000, everyMs: 50, ...(signal === undefined ? {} : { signal }) },
    ).then((state) => {
      if (state === 'gone') throw new Error(`another ${name} ended while starting: ${lines.at(-1) ?? 'it wrote nothing'}`);
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { ...child, url: `http://127.0.0.1:${port}` };
}
