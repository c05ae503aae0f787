import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics } from '@throughline/event-bus';
import { decodeEvent, eventsTopic, identifiersTopic, liveTopics } from '@throughline/event-contracts';
import { fold } from '@throughline/adapter-kit/testing';
import { freePort, nodeFlags, SERVICES, serviceEnvironment, stateFolders, waitFor } from '@throughline/local';
import { runTool, startChild } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { copyOfLog } from './copied-log.js';
import { ilrReturn } from './partners-story.js';
import { ROOT, runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const COLLEGE = SERVICES.find(({ name }) => name === 'college-adapter')!;

let folder: string;
let running: RunningPlatform;
const children: Child[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-lost-ledger-'));
  running = await runPlatform({ services: [] });
});

afterAll(async () => {
  await Promise.all(children.map((child) => child.stop()));
  await running?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The college's adapter under another deployment: the same partner and keys, so that facts have the same ids. */
class OneAdapter {
  readonly spoolDir: string;
  #child: Child | undefined;
  #url = '';

  constructor(readonly deployment: string) {
    this.spoolDir = join(folder, deployment, 'spool');
  }

  async start(exported?: string): Promise<void> {
    const port = await freePort();
    const place = {
      host: '127.0.0.1',
      kafkaBrokers: running.platform.kafkaBrokers,
      redisUrl: '',
      keysFile: join(stateFolders(running.stateDir).keys, 'college', 'keys.json'),
      spoolDir: this.spoolDir,
      inboxDir: join(folder, this.deployment, 'inbox'),
      logLevel: 'warn',
      ports: { port, telemetryPort: 0 },
    };
    const lines: string[] = [];
    const child = await startChild({
      command: process.execPath,
      args: [...nodeFlags(COLLEGE), join(ROOT, 'services', COLLEGE.name, 'dist', 'main.js')],
      env: { ...serviceEnvironment(COLLEGE, place), DEPLOYMENT: this.deployment, ...(exported === undefined ? {} : { LEDGER_EXPORT_FILE: exported }) },
      onLine: (line) => void lines.push(line),
    });
    children.push(child);
    this.#child = child;
    this.#url = `http://127.0.0.1:${port}`;
    await waitFor(
      async () => {
        if (!child.running()) throw new Error(`the adapter ended:\n${lines.join('\n')}`);
        return (await fetch(`${this.#url}/submissions`)).ok;
      },
      { what: `the adapter of ${this.deployment} to answer` },
    );
  }

  async stop(): Promise<void> {
    await this.#child?.stop();
  }

  /** @returns the state the return ends in. */
  async send(ukprn: number, dateTime: string, learners: number): Promise<string> {
    const response = await fetch(`${this.#url}/submissions?feed=ilr`, { method: 'POST', headers: { 'content-type': 'application/xml' }, body: ilrReturn({ ukprn, dateTime, learners }) });
    expect(response.status).toBe(202);
    const { submissionId } = (await response.json()) as { submissionId: string };
    return waitFor(
      async () => {
        const { state } = (await (await fetch(`${this.#url}/submissions/${submissionId}`)).json()) as { state: string };
        return ['published', 'held', 'refused', 'superseded'].includes(state) ? state : undefined;
      },
      { what: `a return to ${this.deployment} to be done with` },
    );
  }

  /** What its topics say: fact to the word that stands. */
  async said(): Promise<Map<string, string>> {
    const log = await copyOfLog(running.platform.kafkaBrokers.split(','), [eventsTopic(this.deployment), identifiersTopic(this.deployment)]);
    const words = fold(log.map(({ value }) => decodeEvent(value!)));
    return new Map(
      [...words]
        .map(([fact, { value: { meta } }]) => [fact, `${meta.change} ${meta.revision.instant} ${meta.contentHash.toString('hex')}`] as const)
        .sort(([left], [right]) => (left < right ? -1 : 1)),
    );
  }
}

it.each([
  ['ledger', async (spoolDir: string) => Promise.all((await readdir(spoolDir)).filter((name) => name.startsWith('ledger.sqlite')).map((name) => rm(join(spoolDir, name))))],
  ['folder', async (spoolDir: string) => rm(spoolDir, { recursive: true })],
])('an adapter that lost its whole %s goes on from what its topics say, as if nothing had been lost', async (name, lose) => {
  const [lost, whole] = [new OneAdapter(`lost-${name}`), new OneAdapter(`whole-${name}`)];
  await ensureTopics({ brokers: running.platform.kafkaBrokers.split(','), topics: liveTopics([lost.deployment, whole.deployment]) });
  const both = [lost, whole];
  await Promise.all(both.map((adapter) => adapter.start()));
  for (const adapter of both) {
    expect(await adapter.send(10_990_888, '2026-02-01T09:00:00', 12)).toBe('published');
    expect(await adapter.send(10_990_999, '2026-02-01T09:00:00', 3)).toBe('published');
    expect(await adapter.send(10_990_888, '2026-03-01T09:00:00', 11)).toBe('published');
  }
  const before = await whole.said();

  await lost.stop();
  await lose(lost.spoolDir);
  const exported = join(folder, `${name}.ndjson`);
  const { code, output } = await runTool(process.execPath, [join(ROOT, 'infra/local/run.mjs'), 'ledger-export', lost.deployment, exported], {
    ...process.env,
    KAFKA_BROKERS: running.platform.kafkaBrokers,
  });
  expect([code, output]).toEqual([0, expect.stringContaining('"unplaced": 0')]);
  const text = await readFile(exported, 'utf8');
  for (const personal of ['STORY', 'Story', '9999999999', '1990-03-14', 'ZA6', 'ZA10']) expect(text).not.toContain(personal);
  await lost.start(exported);

  // One learner less, another provider's untouched: what is gone is withdrawn, and nothing else.
  for (const adapter of both) expect(await adapter.send(10_990_888, '2026-04-01T09:00:00', 10)).toBe('published');
  const after = await whole.said();
  expect(await lost.said()).toEqual(after);
  const withdrawn = (words: ReadonlyMap<string, string>): number => [...words.values()].filter((word) => word.startsWith('WITHDRAWN')).length;
  expect(withdrawn(after)).toBe(2 * withdrawn(before));
  expect(withdrawn(before)).toBeGreaterThan(0);
  await Promise.all(both.map((adapter) => adapter.stop()));
});
