import { join } from 'node:path';
import { freePort, SERVICES, serviceEnvironment, waitFor } from '@throughline/local';
import { startChild } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { ROOT } from './running-platform.js';

/** Linkage and outcomes over chosen deployments' topics. */
export interface Counting {
  /** The exact cells once every record that the topics hold now is in them: cell text → count. */
  readonly cells: () => Promise<Map<string, number>>;
  readonly stop: () => Promise<void>;
}

export interface CountingOptions {
  readonly brokers: string;
  /** A Redis whose current contents are theirs alone. */
  readonly redisUrl: string;
  /** The platform's. */
  readonly keysFile: string;
  readonly deployments: readonly string[];
}

interface CellsAnswer {
  readonly behind: number;
  readonly marks: number;
  readonly cells: readonly { readonly key: string; readonly count: number }[];
}

const LAST_LINES = 20;

/** Starts the two built services as `npm start` does, and resolves when they show figures. */
export async function startCounting({ brokers, redisUrl, keysFile, deployments }: CountingOptions): Promise<Counting> {
  const port = await freePort();
  const lines: string[] = [];
  const children: Child[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(children.map((child) => child.stop()));
  };
  for (const spec of SERVICES.filter(({ name }) => name === 'linkage' || name === 'outcomes')) {
    const place = {
      host: '127.0.0.1',
      kafkaBrokers: brokers,
      redisUrl,
      keysFile,
      spoolDir: '',
      inboxDir: '',
      logLevel: 'warn',
      ports: { port: spec.name === 'outcomes' ? port : 0, telemetryPort: 0 },
    };
    children.push(
      await startChild({
        command: process.execPath,
        args: ['--enable-source-maps', join(ROOT, 'services', spec.name, 'dist', 'main.js')],
        env: { ...serviceEnvironment(spec, place), DEPLOYMENTS: deployments.join(',') },
        onLine: (line) => {
          lines.push(`${spec.name}: ${line}`);
          if (lines.length > LAST_LINES) lines.shift();
        },
      }),
    );
  }
  const cells = async (): Promise<Map<string, number>> => {
    const answer = await waitFor(
      async () => {
        if (!children.every((child) => child.running())) return { ended: lines.join('\n') };
        const response = await fetch(`http://127.0.0.1:${port}/internal/cells`);
        if (!response.ok) return undefined;
        const body = (await response.json()) as CellsAnswer;
        return body.behind === 0 && body.marks === 0 ? body : undefined;
      },
      { what: `linkage and outcomes to take in all of ${deployments.join(', ')}`, timeoutMs: 90_000, everyMs: 100 },
    );
    if ('ended' in answer) throw new Error(`linkage or outcomes ended:\n${answer.ended}`);
    return new Map(answer.cells.map(({ key, count }) => [key, count]));
  };
  try {
    await cells();
  } catch (error) {
    await stop();
    throw error;
  }
  return { cells, stop };
}
