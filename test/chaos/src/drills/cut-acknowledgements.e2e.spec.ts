import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readToEnd } from '@throughline/event-bus';
import { eventsTopic } from '@throughline/event-contracts';
import { defaultCacheDir, DEPLOYMENTS, isolatedSettings } from '@throughline/local';
import { partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, recount } from '@throughline/test-recount';
import { randomOf } from '../random.js';
import { cutAcknowledgements } from './cut-acknowledgements.js';
import { startCutKafka } from './cut-kafka.js';
import type { CutKafka } from './cut-kafka.js';

it('a lost acknowledgement loses no event, changes none and moves none, sixty times', async () => {
  const { trials, anomalies, counts } = await cutAcknowledgements({ trials: 60, seed: 'cuts' });
  expect(anomalies).toEqual([]);
  expect(trials).toBeGreaterThanOrEqual(60);
  // The fault was there: what was stored and not acknowledged was stored again.
  expect(counts['copies']).toBeGreaterThan(0);
});

describe('a platform half of whose acknowledgements are lost', () => {
  let folder: string;
  let cut: CutKafka;
  let running: RunningPlatform | undefined;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-cut-platform-'));
    const random = randomOf('cut-platform');
    cut = await startCutKafka(join(folder, 'kafka'), () => (random.chance(0.5) ? 'unanswered' : 'answered'));
  });
  afterAll(async () => {
    await running?.stop();
    await cut?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows what the recount knows, and holds copies that count for nothing', async () => {
    const settings = await isolatedSettings(join(folder, 'state'), defaultCacheDir(process.env), { kafkaBrokers: cut.cutBrokers });
    await writePopulation({ seed: 'cut-platform', people: 40, untidiness: 'untidy', directory: join(folder, 'sample') });
    running = await runPlatform({ settings });
    await running.load(join(folder, 'sample'));
    const { knowable } = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
    expect(knowable.size).toBeGreaterThan(50);
    expect(describeDifferences(compareCells(await running.cells(), knowable))).toBe('');
    const keys: string[] = [];
    await readToEnd({ brokers: [cut.kafka.brokers], topics: DEPLOYMENTS.map(eventsTopic), onBatch: ({ records }) => void keys.push(...[...records].map(({ key }) => key?.toString('hex') ?? '')) });
    expect(cut.proxy.cuts()).toBeGreaterThan(0);
    expect(new Set(keys).size).toBeLessThan(keys.length);
  });
});
