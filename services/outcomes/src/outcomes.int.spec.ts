import 'reflect-metadata';
import { jest } from '@jest/globals';
import { EventProducer, ensureTopics } from '@throughline/event-bus';
import { liveTopics, OUTCOME_CUTS } from '@throughline/event-contracts';
import { LATEST_RULES, RULES_2026_1, RULES_2026_2 } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import { RedisConnection } from '@throughline/state-store';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { freshName } from '@throughline/servers';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { digestOf } from './cuts/cut.js';
import { copyAtRest } from './cuts/take-cut.js';
import { partitionsOf } from './generations/log-ends.js';
import { OutcomesService } from './outcomes-service.js';
import { cellDifferences } from './rules-diff/cell-differences.js';
import { cellsOf } from './testing/cells-of-records.js';
import { FictionalLog } from './testing/fictional-log.js';
import type { FictionalRecord } from './testing/fictional-log.js';

const ROOT = join(import.meta.dirname, '../../..');
const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
// A numbered database of its own: the pointer to the current generation has one name in each.
const redisUrl = `${process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379'}/11`;
const deployments = { council: freshName('council'), college: freshName('college') };
const cutsTopic = freshName(OUTCOME_CUTS);
const platformKey = randomBytes(32);
const folder = mkdtempSync(join(tmpdir(), 'outcomes-'));

const log = new FictionalLog(20_261_122, 120, deployments);
const sent: FictionalRecord[] = [];
let producer: EventProducer;
let redis: RedisConnection;
let service: OutcomesService;
let linkage: ChildProcess | undefined;
let address: string;

async function until<T>(what: string, look: () => Promise<T | false | undefined | null>): Promise<T> {
  let last: unknown;
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await pause(30)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`Waited for a minute: ${what}`, { cause: last });
}

/** Less than the timelines of one partition take: what is needed again is read again. */
const TIMELINE_BYTES = 1 << 17;

const startOutcomes = async (rules: RuleSet = LATEST_RULES): Promise<OutcomesService> => {
  const started = new OutcomesService({
    settings: { brokers, redisUrl, platformKey, rotations: [], host: '127.0.0.1', port: 0, telemetryHost: '127.0.0.1', telemetryPort: 0, logLevel: 'silent', deployments: Object.values(deployments), rules, timelineBytes: TIMELINE_BYTES },
    logger: createLogger({ service: 'outcomes', level: 'silent' }),
    telemetry: createTelemetry({ service: 'outcomes', kind: 'outcomes', build: { version: '0', revision: 'test' }, runtimeSeries: false }),
    onCrash: (error) => {
      throw error;
    },
    cutsTopic,
  });
  address = `http://127.0.0.1:${await started.start()}`;
  return started;
};

const startLinkage = (): ChildProcess => {
  const keys = join(folder, 'keys.json');
  writeFileSync(keys, JSON.stringify({ platformKey: platformKey.toString('base64') }));
  const env = { ...process.env, KAFKA_BROKERS: brokers.join(','), REDIS_URL: redisUrl, KEYS_FILE: keys, TELEMETRY_PORT: '0', LOG_LEVEL: 'warn', DEPLOYMENTS: Object.values(deployments).join(',') };
  const sources = ['--conditions=throughline-source', '--import', pathToFileURL(join(ROOT, 'infra/local/bootstrap/typescript-hooks.mjs')).href];
  return spawn(process.execPath, [...sources, join(ROOT, 'services/linkage/src/main.ts')], { env, stdio: ['ignore', 'ignore', 'inherit'] });
};
const kill9 = async (child: ChildProcess | undefined): Promise<void> => {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
};

const send = async (count: number): Promise<void> => {
  const records = [...log.records(count)];
  await producer.publish(records);
  sent.push(...records);
};

interface CellsAnswer {
  readonly behind: number;
  readonly marks: number;
  readonly position: { readonly facts: Record<string, number> };
  readonly cells: readonly { readonly key: string; readonly count: number }[];
}
const get = async (path: string): Promise<Response> => fetch(`${address}${path}`);
const atRest = async (): Promise<Map<string, number>> => {
  const answer = await until('everything read and nobody marked', async () => {
    const response = await get('/internal/cells');
    const body = (await response.json()) as CellsAnswer;
    return response.status === 200 && body.behind === 0 && body.marks === 0 && body;
  });
  return new Map(answer.cells.map(({ key, count }) => [key, count]));
};
const takeCut = async (): Promise<{ cut: number; digest: string }> => {
  const taken = await fetch(`${address}/internal/cuts`, { method: 'POST' });
  expect(taken.status).toBe(201);
  return (await taken.json()) as { cut: number; digest: string };
};
const sorted = (cells: ReadonlyMap<string, number>) => [...cells].sort(([a], [b]) => (a < b ? -1 : 1));

beforeAll(async () => {
  redis = new RedisConnection({ url: redisUrl });
  await redis.command('FLUSHDB');
  // One deployment has fewer partitions than the others, as one on an organisation's own machine.
  const topics = liveTopics(Object.values(deployments)).map((topic) => {
    if (topic.name === OUTCOME_CUTS) return { ...topic, name: cutsTopic };
    return topic.name === `partner-events.${deployments.council}` ? { ...topic, partitions: 5 } : topic;
  });
  await ensureTopics({ brokers, topics });
  producer = new EventProducer({ brokers });
}, 60_000);

afterAll(async () => {
  await service?.stop();
  await kill9(linkage);
  await producer?.close();
  await redis?.command('FLUSHDB');
  await redis?.close();
  rmSync(folder, { recursive: true });
}, 60_000);

jest.setTimeout(120_000);

describe('outcomes and linkage on one log', () => {
  it('answers 503 with progress while the log has not been read once', async () => {
    await send(2_000);
    service = await startOutcomes();
    const answer = await until('the cuts to be read', async () => {
      const response = await get('/feed/v1/outcomes');
      expect(response.status).toBe(503);
      const body = (await response.json()) as { code: string };
      return body.code !== 'CUTS_NOT_READ' && body;
    });
    expect(answer).toMatchObject({ code: 'VIEW_INCOMPLETE', progress: expect.any(Number) as number });
    expect((await get('/internal/cells')).status).toBe(503);
  });

  it('shows exactly what the log says, links included', async () => {
    linkage = startLinkage();
    await until('a complete generation', async () => (await get('/internal/cells')).status === 200);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('follows the log: more facts, corrected and withdrawn ones, other identifiers', async () => {
    for (let round = 0; round < 4; round += 1) {
      await send(300);
      expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    }
  });

  it('changes nothing when everything is sent again in another order', async () => {
    const before = sorted(await atRest());
    await producer.publish([...sent].reverse());
    await until('the repeats to arrive', async () => {
      const { position } = (await (await get('/internal/cells')).json()) as CellsAnswer;
      return Object.values(position.facts).reduce((sum, next) => sum + next, 0) > sent.length;
    });
    expect(sorted(await atRest())).toEqual(before);
  });

  it('loses nothing when linkage is killed and outcomes stopped in the middle', async () => {
    const sending = send(3_000);
    await kill9(linkage);
    await service.stop();
    await sending;
    linkage = startLinkage();
    service = await startOutcomes();
    await until('the current generation', async () => (await get('/internal/cells')).status === 200);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('puts aside what cannot be read, and goes on', async () => {
    const [good] = [...log.records(1)];
    const topic = `partner-events.${deployments.council}`;
    const facts = [...log.records(40)].find((record) => record.topic === topic)!;
    const elsewhere = (facts.key.readUInt32BE(0) + 1) % 5;
    await producer.publish([
      { topic, key: good!.key, value: Buffer.from('no event') },
      { topic, key: good!.key, value: null },
      { ...facts, partition: elsewhere },
    ]);
    await send(50);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    expect((await service.view.telemetry.expose()).body).toMatch(/throughline_dead_letters_total\{.*stage="consume".*\} 2/);
  });

  it('lets nobody write from what they remembered: a second process on the same partitions', async () => {
    const first = service;
    const firstAddress = address;
    const second = await startOutcomes();
    await send(1_000);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    await second.stop();
    address = firstAddress;
    service = first;
    await send(500);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('mends itself after the store is put back to an older copy', async () => {
    await atRest();
    // A copy is of one moment: nothing is written meanwhile.
    const keys = (await redis.command('KEYS', 'g*:*')) as Buffer[];
    const copy = await Promise.all(keys.map(async (key) => ({ key, dump: (await redis.command('DUMP', key)) as Buffer | null })));
    await send(1_500);
    await atRest();
    // In one step, as a server comes back with another data file.
    const restore = "for _, key in ipairs(redis.call('KEYS', 'g*:*')) do redis.call('DEL', key) end for i = 1, #ARGV, 2 do redis.call('RESTORE', ARGV[i], 0, ARGV[i + 1]) end";
    await redis.command('EVAL', restore, 0, ...copy.flatMap(({ key, dump }) => (dump === null ? [] : [key, dump])));
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('marks everyone when asked to, and stays as it is', async () => {
    const before = sorted(await atRest());
    const response = await fetch(`${address}/internal/sweep`, { method: 'POST' });
    expect(response.status).toBe(202);
    expect(sorted(await atRest())).toEqual(before);
  });

  it('takes a numbered cut whose digest a rebuild to the same position gives', async () => {
    const sending = send(2_000);
    const { cut, digest } = await takeCut();
    expect(cut).toBe(1);
    await sending;
    const { content } = service.view.cuts.last!;
    const generation = await service.view.keeper.buildTo({ ...content.position.facts, ...content.position.identifiers });
    const run = await until('the generation to run', async () => service.view.keeper.runOf(generation));
    const rebuilt = await copyAtRest(run, content.position, { generations: service.view.generations });
    expect([...rebuilt.cells]).toEqual([...content.cells]);
    expect(digestOf(rebuilt).toString('hex')).toBe(digest);
    await service.view.keeper.drop(generation);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('compares two versions of the rules over the same log, and shows what it did before', async () => {
    const before = sorted(await atRest());
    expect((await fetch(`${address}/internal/rules-diff?before=2026.1&after=1999.1`, { method: 'POST' })).status).toBe(400);
    expect((await fetch(`${address}/internal/rules-diff?before=2026.1&after=2026.2`, { method: 'POST' })).status).toBe(202);
    expect((await fetch(`${address}/internal/rules-diff?before=2026.1&after=2026.2`, { method: 'POST' })).status).toBe(409);
    const found = await until('both versions to be counted', async () => {
      const answer = (await (await get('/internal/rules-diff')).json()) as { state: string; cells: number; differences: { metric: string; before: number; after: number }[] };
      return answer.state === 'done' && answer;
    });
    const expected = cellDifferences(cellsOf(sent, RULES_2026_1), cellsOf(sent, RULES_2026_2));
    expect(expected.length).toBeGreaterThan(0);
    expect(found.differences.map(({ metric, before: was, after }) => ({ metric, was, after }))).toEqual(expected.map(({ cell, before: was, after }) => ({ metric: cell.split('|')[0], was, after })));
    expect(sorted(await atRest())).toEqual(before);
    expect((await service.view.generations.list()).all).toHaveLength(1);
  });

  it('serves the last cut and nothing later, small numbers withheld, as JSON and CSV', async () => {
    const json = (await (await get('/feed/v1/outcomes')).json()) as { cut: number; status: string; outcomes: { value: number | 'c'; geography_level: string }[] };
    expect(json.status).toBe('provisional');
    expect(json.outcomes.length).toBeGreaterThan(10);
    for (const { value } of json.outcomes) expect(value === 'c' || (value >= 10 && value % 5 === 0)).toBe(true);
    const csv = await (await get('/feed/v1/outcomes?format=csv')).text();
    expect(csv.split('\r\n')[0]).toBe('metric,month,geography_level,geography_code,geography_name,programme,breakdown,category,value,rules_version,verified,cut,status');
    expect(csv.trimEnd().split('\r\n')).toHaveLength(json.outcomes.length + 1);
    for (const [path, code] of [
      ['/feed/v1/outcomes?metric=job_starts', 'UNKNOWN_PARAMETER'],
      ['/internal/cells?geography=E08000003', 'UNKNOWN_FILTER'],
      ['/internal/cells?metric=nope', 'UNKNOWN_VALUE'],
    ] as const) {
      const refused = await get(path);
      expect([refused.status, await refused.json()]).toEqual([400, expect.objectContaining({ code, known: expect.any(Array) as string[] })]);
    }
    const nowhere = await get('/');
    expect([nowhere.status, nowhere.headers.get('content-type')?.split(';')[0], await nowhere.json()]).toEqual([404, 'application/problem+json', expect.objectContaining({ code: 'no-such-route', place: 'request' })]);
    await send(300);
    await atRest();
    expect(await (await get('/feed/v1/outcomes?format=csv')).text()).toBe(csv);
  });

  it('rebuilds beside the generation that is shown, and then shows the new one', async () => {
    const before = service.view.keeper.current!.generation;
    const consumedAside = async () => /throughline_dead_letters_total\{.*stage="consume".*\} (\d+)/.exec((await service.view.telemetry.expose()).body)?.[1];
    const asideBefore = await consumedAside();
    expect(asideBefore).toBe('2');
    const response = await fetch(`${address}/internal/rebuild`, { method: 'POST' });
    expect(response.status).toBe(202);
    const { generation } = (await response.json()) as { generation: number };
    await until('the new generation', async () => service.view.keeper.current?.generation === generation);
    // What was put aside is read again, and not told again.
    expect(await consumedAside()).toBe(asideBefore);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    await until('the old one to be dropped', async () => ((await redis.command('KEYS', `g${before}:*`)) as Buffer[]).length === 0);
  });

  it('is built anew by itself, once, where what is stored of somebody cannot be read', async () => {
    await atRest();
    const run = service.view.keeper.current!;
    /** @returns the subjects of whom it was that was damaged */
    const damage = async ({ generation, participants, link }: typeof run): Promise<Set<string>> => {
      for (let bucket = 0; ; bucket += 1) {
        for await (const [first] of participants.everyone(bucket)) {
          if (first === undefined) continue;
          const record = Buffer.concat([randomBytes(12), first.root, Buffer.from('ff'.repeat(40), 'hex')]);
          await redis.command('HSET', `g${generation}:{b${bucket}}:participants`, first.participant, record);
          const [membership] = await link.membersOf([first]);
          return new Set([first.root, ...(membership?.known ? membership.members.map(({ subject }) => subject) : [])].map((subject) => subject.toString('hex')));
        }
      }
    };
    await damage(run);
    expect((await fetch(`${address}/internal/sweep`, { method: 'POST' })).status).toBe(202);
    const repaired = await until('a generation built from the log', async () => {
      const now = service.view.keeper.current;
      return now !== null && now.generation > run.generation && now;
    });
    expect(service.view.keeper.status()).toContainEqual(expect.objectContaining({ generation: repaired.generation, reason: 'repair', progress: 1, reconciled: 1, held: [] }));
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    // What could not be read after that is not the store's fault: the log is not read again and again for it.
    const subjects = await damage(repaired);
    expect((await fetch(`${address}/internal/sweep`, { method: 'POST' })).status).toBe(202);
    await until('it to be told', async () => /throughline_participants_unreadable\{.*\} 1/.test((await service.view.telemetry.expose()).body));
    const others = [...log.records(400)].filter(({ topic, key }) => topic.startsWith('partner-events.') && !subjects.has(key.subarray(0, 16).toString('hex')));
    await producer.publish(others);
    sent.push(...others);
    await until('everybody else to be computed', async () => {
      const { behind, cells } = (await (await get('/internal/cells')).json()) as CellsAnswer;
      return behind === 0 && JSON.stringify(sorted(new Map(cells.map(({ key, count }) => [key, count])))) === JSON.stringify(sorted(cellsOf(sent)));
    });
    expect((await service.view.telemetry.expose()).body).toMatch(/throughline_dirty_marks\{.*\} [1-9]/);
    // Two looks, whatever else they do.
    for (let look = 0; look < 2; look += 1) await service.view.keeper.drop(0);
    expect((await service.view.generations.list()).all.map(({ generation }) => generation)).toEqual([repaired.generation]);
    const response = await fetch(`${address}/internal/rebuild`, { method: 'POST' });
    const { generation } = (await response.json()) as { generation: number };
    await until('the new generation', async () => service.view.keeper.current?.generation === generation);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('does not show a generation that could not place its records', async () => {
    const before = service.view.keeper.current!.generation;
    const answer = await fetch(`${address}/internal/rebuild`, { method: 'POST' });
    expect(answer.status).toBe(202);
    const { generation: next } = (await answer.json()) as { generation: number };
    // As a rebuild would count over a topic that was given more partitions; set before the log can have been read.
    await redis.command('SET', `g${next}:{topics}:misplaced`, 1_000_000);
    await until('all to be read', async () => service.view.keeper.status().some(({ generation, progress }) => generation === next && progress === 1));
    await until('nobody to be marked', async () => (await service.view.keeper.runOf(next)!.markIds(service.view.keeper.runOf(next)!.locations())).length === 0);
    // A look, whatever else it does.
    await service.view.keeper.drop(0);
    expect(service.view.keeper.current?.generation).toBe(before);
    await redis.command('DEL', `g${next}:{topics}:misplaced`);
    await until('the new generation', async () => service.view.keeper.current?.generation === next);
  });

  it('drops a generation at a position once whoever began it is gone', async () => {
    const note = JSON.stringify({ reason: 'position', startedAt: '', until: {} });
    const abandoned = await service.view.generations.beginKept(note, 1);
    await until('it to be dropped', async () => !(await service.view.generations.list()).all.some(({ generation }) => generation === abandoned));
    await until('its keys to go', async () => ((await redis.command('KEYS', `g${abandoned}:*`)) as Buffer[]).length === 0);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
  });

  it('begins again when the store is emptied, without ever showing part of the figures, and serves the last cut all the while', async () => {
    const shown = JSON.stringify(sorted(await atRest()));
    const meanwhile = new Set([shown]);
    expect((await takeCut()).cut).toBe(2);
    const feed = async () => Promise.all(['csv', 'json'].map(async (format) => (await get(`/feed/v1/outcomes?format=${format}`)).text()));
    const feedBefore = await feed();
    await kill9(linkage);
    await redis.command('FLUSHDB');
    await until('no generation to be shown', async () => {
      const response = await get('/internal/cells');
      if (response.status === 503) return true;
      const { cells } = (await response.json()) as CellsAnswer;
      meanwhile.add(JSON.stringify(sorted(new Map(cells.map(({ key, count }) => [key, count])))));
      return false;
    });
    expect([...meanwhile]).toEqual([shown]);
    expect(await feed()).toEqual(feedBefore);
    await service.stop();
    service = await startOutcomes();
    await until('the cuts to be read', async () => service.view.cuts.known);
    expect(await feed()).toEqual(feedBefore);
    expect((await get('/internal/cells')).status).toBe(503);
    linkage = startLinkage();
    await until('a complete generation', async () => (await get('/internal/cells')).status === 200);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent)));
    expect(partitionsOf((await service.view.readLogEnds()).facts)).toHaveLength(17);
    expect(await feed()).toEqual(feedBefore);
    expect((await takeCut()).cut).toBe(3);
  });

  it('counts anew under other rules when it is started with them, shows the old figures until then, and goes on so', async () => {
    const counted = async () => ((await (await get('/internal/cells')).json()) as { rules_version: string; generation: number }).rules_version;
    const latest = sorted(await atRest());
    await service.stop();
    service = await startOutcomes(RULES_2026_1);
    expect(await until('figures after the start', counted)).toBe(LATEST_RULES.version);
    await until('figures under the other rules', async () => (await counted()) === RULES_2026_1.version);
    expect(sorted(await atRest())).toEqual(sorted(cellsOf(sent, RULES_2026_1)));
    const status = async () => ((await (await get('/internal/generations')).json()) as { generations: { reason: string; rules: string; current: boolean }[] }).generations;
    expect((await status()).filter(({ current }) => current)).toEqual([expect.objectContaining({ reason: 'rules', rules: RULES_2026_1.version })]);
    await service.stop();
    service = await startOutcomes();
    await until('figures under the rules as before', async () => (await counted()) === LATEST_RULES.version);
    expect(sorted(await atRest())).toEqual(latest);
  });
});
