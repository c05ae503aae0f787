// The commands of `npm start`, `npm run reset` and their like; run.mjs is the way in.
import { join, resolve } from 'node:path';
import { fetchParts, LocalError, startTestServers, terminalProgress } from '@throughline/servers';
import { runCommand } from './command-line.js';
import type { LocalCommands } from './command-line.js';
import type { LocalSettings } from './platform/settings.js';

const ROOT = join(import.meta.dirname, '..', '..', '..');

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    process.once('disconnect', () => resolve());
  });
}

/** Of the platform that runs here, or the user's own. */
const brokersOf = ({ kafkaBrokers, kafkaPort }: LocalSettings): readonly string[] => kafkaBrokers?.split(',') ?? [`127.0.0.1:${kafkaPort}`];

/** Where the user stands: npm runs its scripts in the checkout. */
const fileOf = (name: string): string => resolve(process.env['INIT_CWD'] ?? process.cwd(), name);

/** Each loads what it needs only, so that one is not held up by another's parts. */
const COMMANDS: LocalCommands = {
  async start() {
    const { start } = await import('./platform/start.js');
    await start(ROOT);
  },
  async reset() {
    const [{ readSettings }, { reset }] = await Promise.all([import('./platform/settings.js'), import('./platform/reset.js')]);
    const { stateDir } = readSettings(process.env, ROOT);
    process.stdout.write((await reset(stateDir)) ? `Forgotten: ${stateDir}\n` : `Nothing to forget: there is no ${stateDir}\n`);
  },
  async cut() {
    const [{ readSettings }, { takeCut }] = await Promise.all([import('./platform/settings.js'), import('./platform/figures.js')]);
    const port = readSettings(process.env, ROOT).ports.get('outcomes')?.port;
    process.stdout.write(`${JSON.stringify(await takeCut(`http://127.0.0.1:${port}`, { progress: terminalProgress(process.stderr) }), null, 2)}\n`);
  },
  async rebuild(options) {
    const [{ readSettings }, { rebuild }] = await Promise.all([import('./platform/settings.js'), import('./platform/rebuild.js')]);
    const port = readSettings(process.env, ROOT).ports.get('outcomes')?.port;
    const generation = await rebuild(`http://127.0.0.1:${port}`, {
      ...options,
      progress: terminalProgress(process.stderr),
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`Figures are those of generation ${generation}.\n`);
  },
  async rulesDiff(before, after, { csv }) {
    const [{ readSettings }, { rulesDiff }] = await Promise.all([import('./platform/settings.js'), import('./platform/rules-diff.js')]);
    const port = readSettings(process.env, ROOT).ports.get('outcomes')?.port;
    process.stdout.write(await rulesDiff(`http://127.0.0.1:${port}`, { before, after, ...(csv === undefined ? {} : { csv: fileOf(csv) }), progress: terminalProgress(process.stderr) }));
  },
  async ledgerExport(deployment, file) {
    const [{ readSettings }, { exportLedgerOf }] = await Promise.all([import('./platform/settings.js'), import('./platform/export-ledger.js')]);
    const brokers = brokersOf(readSettings(process.env, ROOT));
    process.stdout.write(`${JSON.stringify(await exportLedgerOf(deployment, fileOf(file), brokers), null, 2)}\n`);
  },
  async deadLetters(words) {
    const [{ readSettings }, { deadLetters }] = await Promise.all([import('./platform/settings.js'), import('./dead-letters/command.js')]);
    await deadLetters(words, brokersOf(readSettings(process.env, ROOT)));
  },
  async links(words) {
    const [{ readSettings }, { links }] = await Promise.all([import('./platform/settings.js'), import('./links/links-command.js')]);
    const port = readSettings(process.env, ROOT).ports.get('linkage')?.port;
    process.stdout.write(`${await links(words, `http://127.0.0.1:${port}`)}\n`);
  },
  async parts() {
    for (const [part, path] of Object.entries(await fetchParts(process.env))) process.stdout.write(`${part}: ${path}\n`);
  },
  async servers() {
    const running = await startTestServers(process.env);
    for (const [name, value] of Object.entries(running.environment)) process.stdout.write(`export ${name}=${value}\n`);
    await untilInterrupted();
    await running.stop();
  },
  async test() {
    const { testEverything } = await import('./test-everything.js');
    process.exitCode = (await testEverything(ROOT)) ? 0 : 1;
  },
};

// A signal handler alone does not keep the process alive while something is awaited.
const alive = setInterval(() => undefined, 2 ** 30);
try {
  const code = await runCommand(process.argv.slice(2), COMMANDS);
  if (code !== 0) process.exitCode = code;
} catch (error) {
  process.stderr.write(`${error instanceof LocalError ? `${error.code}: ${error.message}` : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
} finally {
  clearInterval(alive);
  if (process.connected) process.disconnect();
}
