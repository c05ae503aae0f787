import { defaultCacheDir, isolatedSettings, portVariable } from '@throughline/local';
import type { LocalSettings } from '@throughline/local';
import { startChild } from '@throughline/servers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuSecondsOfTree } from '../process/machine.js';
import type { Section } from '../report/section.js';
import type { PartOptions } from './part.js';

const TARGET_SECONDS = 25;
const UP = /^\S*Throughline is up after/;

/** The variables that put `npm start` on ports and into a folder of its own. */
function environmentOf({ stateDir, kafkaPort, kafkaControllerPort, redisPort, ports }: LocalSettings, samplePeople: number): NodeJS.ProcessEnv {
  const servicePorts = [...ports].flatMap(([name, { port, telemetryPort }]) => [
    ...(port === undefined ? [] : [[portVariable(name, 'PORT'), String(port)] as const]),
    [portVariable(name, 'TELEMETRY_PORT'), String(telemetryPort)] as const,
  ]);
  return {
    ...process.env,
    NO_COLOR: '1',
    THROUGHLINE_STATE: stateDir,
    KAFKA_PORT: String(kafkaPort),
    KAFKA_CONTROLLER_PORT: String(kafkaControllerPort),
    REDIS_PORT: String(redisPort),
    SAMPLE_PEOPLE: String(samplePeople),
    ...Object.fromEntries(servicePorts),
  };
}

interface Start {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** From the command to the line that says it is up; then Ctrl-C. */
async function startOnce(root: string, env: NodeJS.ProcessEnv): Promise<Start> {
  const began = performance.now();
  const lines: string[] = [];
  let up: () => void = () => undefined;
  const isUp = new Promise<void>((resolve) => (up = resolve));
  const child = await startChild({
    command: process.execPath,
    args: [join(root, 'infra/local/run.mjs'), 'start'],
    cwd: root,
    env,
    onLine(line) {
      lines.push(line);
      if (UP.test(line)) up();
    },
  });
  const ended = child.exited.then(({ code }): never => {
    throw new Error(`npm start ended with ${code ?? 'a signal'} before it was up:\n${lines.slice(-20).join('\n')}`);
  });
  try {
    await Promise.race([isUp, ended]);
    return { seconds: (performance.now() - began) / 1_000, cpuSeconds: cpuSecondsOfTree(child.pid) };
  } finally {
    ended.catch(() => undefined);
    child.signal('SIGINT');
    await child.exited;
  }
}

/** How long a user waits for `npm start`, the first time and the next. */
export async function warmStartPart({ root, quick, progress }: PartOptions): Promise<Section[]> {
  const people = quick ? 200 : 5_000;
  const stateDir = await mkdtemp(join(tmpdir(), 'throughline-bench-start-'));
  try {
    const env = environmentOf(await isolatedSettings(stateDir, defaultCacheDir(process.env)), people);
    const task = progress.start('Starting the platform twice', 2, 'starts');
    const first = await startOnce(root, env);
    task.update(1);
    const second = await startOnce(root, env);
    task.finish();
    return [
      {
        title: 'npm start',
        method: `From the command to the line that says it is up, with the sample of ${people.toLocaleString('en-GB')} people; parts and packages installed before. The first start invents, loads and counts the sample; the second finds it. CPU-s: of everything started, which other work on the machine does not stretch.`,
        columns: ['', 'seconds', 'CPU-s'],
        rows: [
          ['first start', first.seconds.toFixed(1), first.cpuSeconds.toFixed(1)],
          ['second start', second.seconds.toFixed(1), second.cpuSeconds.toFixed(1)],
        ],
        verdicts: [{ target: `a second start under ${TARGET_SECONDS} s`, measured: `${second.seconds.toFixed(1)} s`, met: second.seconds < TARGET_SECONDS }],
      },
    ];
  } finally {
    await rm(stateDir, { recursive: true, force: true });
  }
}
