import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@throughline/servers';
import { portVariable } from './settings.js';
import { SERVICES } from './services.js';

const RUN = join(import.meta.dirname, '..', '..', 'run.mjs');

let state = '';
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'throughline-start-'));
});
afterEach(() => rm(state, { recursive: true, force: true }));

/** Ports that nobody uses, for everything: the real ones may be those of a platform that runs. */
async function freePorts(): Promise<Record<string, string>> {
  const names = [
    'KAFKA_PORT',
    'KAFKA_CONTROLLER_PORT',
    'REDIS_PORT',
    ...SERVICES.flatMap(({ name, port }) => [
      ...(port === undefined ? [] : [portVariable(name, 'PORT')]),
      portVariable(name, 'TELEMETRY_PORT'),
    ]),
  ];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
}

/** `npm start`, to its end. */
async function start(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [RUN, 'start'], {
    env: { ...process.env, THROUGHLINE_STATE: state, SAMPLE_PEOPLE: '0', ...(await freePorts()), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

test('a taken port is named, with its user and the way round it, before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const port = String((server.address() as AddressInfo).port);
  const { code, output } = await start({ DWP_ADAPTER_PORT: port });
  server.close();
  expect(output).toBe(
    `PORT_TAKEN: Port ${port}, which dwp-adapter needs, is in use by another program: stop that program, or choose another port with DWP_ADAPTER_PORT=<port>.\n`,
  );
  expect(code).toBe(1);
  expect(await readdir(state)).toEqual([]);
});

test('a second instance is refused and leaves the first its lock', async () => {
  await writeFile(join(state, 'running.pid'), `${process.pid}\n`);
  const { code, output } = await start({});
  expect(output).toMatch(new RegExp(`^ALREADY_RUNNING: Throughline already runs on .* \\(process ${process.pid}\\): stop it with Ctrl-C there, .*\\.\n$`));
  expect(code).toBe(1);
  expect(await readdir(state)).toEqual(['running.pid']);
});

test.each([
  ['KAFKA_BROKERS', (port: number) => `127.0.0.1:${port}`],
  ['REDIS_URL', (port: number) => `redis://127.0.0.1:${port}`],
])('a server of the user’s own that does not answer at %s is named', async (name, address) => {
  const own = { KAFKA_BROKERS: process.env['THROUGHLINE_TEST_KAFKA'] ?? '', REDIS_URL: process.env['THROUGHLINE_TEST_REDIS'] ?? '' };
  const { code, output } = await start({ ...own, [name]: address(await freePort()) });
  expect(output).toMatch(new RegExp(`answers at ${name}.*unset it to have one started here\\.\n$`));
  expect(code).toBe(1);
});

test('a state folder that cannot be made is an error, not a hang', async () => {
  await mkdir(join(state, 'below'));
  await writeFile(join(state, 'below', 'file'), '');
  const { code, output } = await start({ THROUGHLINE_STATE: join(state, 'below', 'file', 'state') });
  expect(output).toContain('ENOTDIR');
  expect(code).toBe(1);
});
