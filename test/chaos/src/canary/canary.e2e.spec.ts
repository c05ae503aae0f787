import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { SERVICES, stateFolders, waitFor } from '@throughline/local';
import { runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { CanaryScan } from './canary-scan.js';
import { hostileRequests } from './hostile-requests.js';
import { filesUnder } from './places.js';
import type { Place } from './places.js';
import { plantedFiles } from './planted-files.js';
import type { PlantedFiles } from './planted-files.js';

/** Few, but enough that every feed has records, some of them to be refused. */
const PEOPLE = 60;
/** A safety net against a hang: no time is asserted. */
const PATIENCE_MS = 900_000;

const SETTLED = new Set(['published', 'refused', 'rejected', 'superseded', 'withdrawn', 'held']);
const DEPLOYMENTS = ['nhs', 'dwp', 'college', 'council'];

interface View {
  readonly submissionId: string;
  readonly state: string;
  readonly acknowledged: { readonly entries: number; readonly of: number } | null;
}

describe('identifiers pushed through every adapter', () => {
  let folder: string;
  let running: RunningPlatform;
  let planted: PlantedFiles;
  /** Everything the platform keeps, says or shows: looked at while it runs, and after it was stopped in order. */
  const places: Place[] = [];
  const statuses = new Map<string, Set<number>>();

  /** Answers are evidence too. */
  async function ask(what: string, url: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(url, init);
    const bytes = Buffer.from(await response.clone().arrayBuffer());
    const headers = [...response.headers].map(([name, value]) => `${name}: ${value}`).join('\n');
    places.push({ name: `answer: ${what}`, bytes: Buffer.concat([Buffer.from(`${headers}\n\n`), bytes]) });
    statuses.set(what, (statuses.get(what) ?? new Set()).add(response.status));
    return response;
  }

  async function views(deployment: string): Promise<View[]> {
    const all: View[] = [];
    for (let before: number | null | undefined; before !== null; ) {
      const page = (await (await fetch(`${running.adapterUrl(deployment)}/submissions${before === undefined ? '' : `?before=${before}`}`)).json()) as { submissions: View[]; next: number | null };
      all.push(...page.submissions);
      before = page.next;
    }
    return all;
  }

  /** Files with personal names put into the inbox of each adapter: good ones, ones to be refused, and an archive that is none. */
  async function fillInboxes(): Promise<void> {
    const long = new Date(Date.UTC(2026, 7, 1));
    const [name = ''] = planted.canaries.get('name') ?? [];
    const [nino = ''] = planted.canaries.get('NINO') ?? [];
    for (const deployment of DEPLOYMENTS) {
      const inbox = stateFolders(running.stateDir).inbox(deployment);
      for (const [index, submission] of planted.submissions.filter((each) => each.deployment === deployment).slice(0, 6).entries()) {
        const into = join(inbox, submission.feed, submission.part ?? '');
        await mkdir(into, { recursive: true });
        const ending = extname(submission.file);
        const put = async (prefix: string, write: (path: string) => Promise<void>, end = ending): Promise<void> => {
          const file = join(into, `${prefix} ${name} ${nino} ${index}${end}`);
          await write(`${file}.partial`);
          await utimes(`${file}.partial`, long, long);
          await rename(`${file}.partial`, file);
        };
        await put('good', (path) => copyFile(join(planted.folder, submission.file), path));
        await put('bad', (path) => writeFile(path, `${name},${nino}\n"${nino}`));
        await put('packed', (path) => copyFile(join(planted.folder, submission.file), path), `${ending}.gz`);
      }
    }
    for (const deployment of DEPLOYMENTS) {
      const inbox = stateFolders(running.stateDir).inbox(deployment);
      await waitFor(async () => (await readdir(inbox, { recursive: true })).every((path) => !path.includes(name)), {
        what: `the inbox of ${deployment} to be empty`,
        timeoutMs: 300_000,
        everyMs: 100,
      });
    }
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-canary-'));
    planted = await plantedFiles(join(folder, 'sample'), PEOPLE);
    // Logs as talkative as they can be.
    running = await runPlatform({ stateDir: join(folder, 'state'), logLevel: 'trace' });
    await running.load(planted.folder);
    for (const { what, deployment, method, path, headers, body } of await hostileRequests(planted)) {
      await ask(`${method} ${what}`, `${running.adapterUrl(deployment)}${path}`, { method, headers, ...(body === undefined ? {} : { body: new Uint8Array(body) }) });
    }
    await fillInboxes();
    for (const deployment of DEPLOYMENTS) {
      await waitFor(async () => (await views(deployment)).every(({ state, acknowledged }) => SETTLED.has(state) && (state === 'held' || acknowledged?.entries === acknowledged?.of)), {
        what: `${deployment} to be done`,
        timeoutMs: 300_000,
        everyMs: 100,
      });
      for (const { submissionId } of await views(deployment)) {
        const url = `${running.adapterUrl(deployment)}/submissions/${submissionId}`;
        await ask('a submission', url);
        await ask('a report as JSON', `${url}/report`);
        await ask('a report as CSV', `${url}/report?format=csv`);
      }
    }
    await running.cells();
    for (const path of ['internal/cells', 'feed/v1/outcomes', 'feed/v1/outcomes?format=csv']) await ask(path, `${running.platform.url('outcomes')}/${path}`);
    for (const { name } of SERVICES) await ask(`metrics of ${name}`, `${running.platform.telemetryUrl(name)}/metrics`);
    places.push({ name: 'console', bytes: Buffer.from(running.lines.join('\n')) });
    places.push(...(await filesUnder(running.stateDir)).map(({ name, bytes }) => ({ name: `running: ${name}`, bytes })));
    await running.stop();
    places.push(...(await filesUnder(running.stateDir)).map(({ name, bytes }) => ({ name: `stopped: ${name}`, bytes })));
  }, PATIENCE_MS);

  afterAll(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('are of every kind, and the scan sees each where it does stand: in the files sent', async () => {
    for (const [kind, values] of planted.canaries) expect({ kind, some: values.length > 2 }).toEqual({ kind, some: true });
    const all = [...planted.canaries.values()].flat();
    const scan = new CanaryScan(all);
    const seen = new Set<string>();
    for (const { file } of planted.submissions) for (const { canary } of scan.look(await readFile(join(planted.folder, file)))) seen.add(canary);
    expect(all.filter((canary) => !seen.has(canary))).toEqual([]);
  });

  it('met every place where they could be left behind', () => {
    const bytesIn = (shape: RegExp): number => places.filter(({ name }) => shape.test(name)).reduce((sum, { bytes }) => sum + bytes.length, 0);
    const wanted = [
      ...DEPLOYMENTS.flatMap((deployment) => [
        new RegExp(`^stopped: kafka/log/partner-events\\.${deployment}-\\d+/.*\\.log$`),
        new RegExp(`^running: adapters/${deployment}/spool/.*\\.payload$`),
        new RegExp(`^running: adapters/${deployment}/spool/.*ledger.*`),
        new RegExp(`^running: adapters/${deployment}/spool/.*receipts.*`),
        new RegExp(`^stopped: adapters/${deployment}/inbox/done/.*\\.report\\.csv$`),
        new RegExp(`^stopped: adapters/${deployment}/inbox/refused/.*\\.report\\.csv$`),
        new RegExp(`^stopped: logs/${deployment}-adapter\\.log$`),
        new RegExp(`^answer: metrics of ${deployment}-adapter$`),
      ]),
      /^stopped: kafka\/log\/subject-identifiers\..*\.log$/,
      /^stopped: kafka\/log\/dead-letters-0\/.*\.log$/,
      /^stopped: redis\/.*\.aof$/,
      /^answer: internal\/cells$/,
      /^answer: a report as JSON$/,
      /^answer: a report as CSV$/,
      /^answer: POST message: as it should be$/,
    ];
    expect(wanted.filter((shape) => bytesIn(shape) === 0)).toEqual([]);
    // Hostile requests were taken as such, and some got as far as a reader.
    const answered = new Set([...statuses.values()].flatMap((all) => [...all]));
    expect([200, 202, 400, 404, 415, 422].filter((status) => !answered.has(status))).toEqual([]);
  });

  it('are left behind nowhere, in no form', () => {
    const scan = new CanaryScan([...planted.canaries.values()].flat());
    const kindOf = (canary: string): string => [...planted.canaries].find(([, values]) => values.includes(canary))?.[0] ?? '';
    // One of each kind in each place is enough to find the cause.
    const sightings = new Map<string, string>();
    for (const { name, bytes } of places) {
      for (const { canary, encoding, at } of scan.look(bytes)) {
        const around = bytes.toString('latin1', Math.max(0, at - 60), at + 40).replaceAll(/[^ -~]/g, '.');
        sightings.set(`${kindOf(canary)} ${encoding} ${name}`, `${kindOf(canary)} as ${encoding} in ${name}: …${around}…`);
      }
    }
    expect([...sightings.values()]).toEqual([]);
  });
});
