import { LocalError } from './local-error.js';
import { startTestServers } from './test-servers.js';

async function untilInterrupted(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}

/** A Kafka and a Redis for tests, until Ctrl-C. */
async function servers(): Promise<void> {
  const running = await startTestServers(process.env);
  for (const [name, value] of Object.entries(running.environment)) process.stdout.write(`export ${name}=${value}\n`);
  const alive = setInterval(() => undefined, 2 ** 30);
  await untilInterrupted();
  clearInterval(alive);
  await running.stop();
}

const COMMANDS: Readonly<Record<string, () => Promise<void>>> = { servers };

try {
  const command = COMMANDS[process.argv[2] ?? ''];
  if (command === undefined) throw new Error(`Unknown command "${process.argv[2] ?? ''}".`);
  await command();
} catch (error) {
  process.stderr.write(`${error instanceof LocalError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
}
