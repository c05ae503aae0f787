// The commands of `npm start`, `npm run reset` and their like; run.mjs is the way in.
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fetchParts, LocalError, startTestServers, terminalProgress } from '@throughline/servers';
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

/** Each loads what it needs only, so that one is not held up by another's parts. */
const COMMANDS: Readonly<Record<string, () => Promise<void>>> = {
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
  async rebuild() {
    const { values } = parseArgs({ args: process.argv.slice(3), options: { instead: { type: 'string' } } });
    if (values.instead !== undefined && !/^[1-9]\d*$/.test(values.instead)) throw new LocalError('SETTING_INVALID', 'The generation must be a number', 'npm run rebuild -- --instead 7');
    const [{ readSettings }, { rebuild }] = await Promise.all([import('./platform/settings.js'), import('./platform/rebuild.js')]);
    const port = readSettings(process.env, ROOT).ports.get('outcomes')?.port;
    const generation = await rebuild(`http://127.0.0.1:${port}`, {
      ...(values.instead === undefined ? {} : { instead: Number(values.instead) }),
      progress: terminalProgress(process.stderr),
      tell: (line) => process.stderr.write(`${line}\n`),
    });
    process.stdout.write(`Figures are those of generation ${generation}.\n`);
  },
  async 'rules-diff'() {
    const { values, positionals } = parseArgs({ args: process.argv.slice(3), options: { csv: { type: 'string' } }, allowPositionals: true });
    const [before, after] = positionals;
    if (before === undefined || after === undefined || positionals.length > 2) {
      throw new LocalError('SETTING_INVALID', 'Two versions of the rules are needed', 'npm run rules:diff -- 2026.1 2026.2 [--csv differences.csv]');
    }
    const [{ readSettings }, { rulesDiff }] = await Promise.all([import('./platform/settings.js'), import('./platform/rules-diff.js')]);
    const port = readSettings(process.env, ROOT).ports.get('outcomes')?.port;
    // Where the user stands: npm runs its scripts in the checkout.
    const csv = values.csv === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? process.cwd(), values.csv);
    process.stdout.write(await rulesDiff(`http://127.0.0.1:${port}`, { before, after, ...(csv === undefined ? {} : { csv }), progress: terminalProgress(process.stderr) }));
  },
  async 'ledger-export'() {
    const [deployment, file] = process.argv.slice(3);
    if (deployment === undefined || file === undefined) {
      throw new LocalError('SETTING_INVALID', 'A deployment and a file are needed', 'npm run ledger-export -- college ~/college-ledger.ndjson');
    }
    const [{ readSettings }, { exportLedgerOf }] = await Promise.all([import('./platform/settings.js'), import('./platform/export-ledger.js')]);
    const brokers = brokersOf(readSettings(process.env, ROOT));
    // Where the user stands: npm runs its scripts in the checkout.
    const written = await exportLedgerOf(deployment, resolve(process.env['INIT_CWD'] ?? process.cwd(), file), brokers);
    process.stdout.write(`${JSON.stringify(written, null, 2)}\n`);
  },
  async 'dead-letters'() {
    const [{ readSettings }, { deadLetters }] = await Promise.all([import('./platform/settings.js'), import('./dead-letters/command.js')]);
    await deadLetters(process.argv.slice(3), brokersOf(readSettings(process.env, ROOT)));
  },
  async links() {
    const [{ readSettings }, { links }] = await Promise.all([import('./platform/settings.js'), import('./links/links-command.js')]);
    const port = readSettings(process.env, ROOT).ports.get('linkage')?.port;
    process.stdout.write(`${await links(process.argv.slice(3), `http://127.0.0.1:${port}`)}\n`);
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
  const command = COMMANDS[process.argv[2] ?? ''];
  if (command === undefined) throw new LocalError('SETTING_INVALID', `Unknown command "${process.argv[2] ?? ''}"`, `one of ${Object.keys(COMMANDS).join(', ')}`);
  await command();
} catch (error) {
  process.stderr.write(`${error instanceof LocalError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exitCode = 1;
} finally {
  clearInterval(alive);
  if (process.connected) process.disconnect();
}
