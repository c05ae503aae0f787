import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endOffsets } from '@throughline/event-bus';
import { eventsTopic, identifiersTopic } from '@throughline/event-contracts';
import { defaultCacheDir, DEPLOYMENTS, isolatedSettings } from '@throughline/local';
import type { LocalSettings } from '@throughline/local';
import { isAlive } from '@throughline/servers';
import { writePopulation } from '@throughline/test-population';
import { compareCells, describeDifferences, partnersByDeployment, recount } from '@throughline/test-recount';
import { PartnersStory, personCsv, totalOf } from './partners-story.js';
import { runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const PEOPLE = 80;

describe('a second start on the same folder', () => {
  let folder: string;
  let settings: LocalSettings;
  let running: RunningPlatform | undefined;
  let before: Map<string, number>;

  const start = async (): Promise<RunningPlatform> => (running = await runPlatform({ settings }));
  const stop = async (): Promise<void> => {
    const stopping = running;
    running = undefined;
    await stopping?.stop();
  };
  const pidsOf = ({ platform }: RunningPlatform): number[] =>
    [...platform.services.values(), platform.kafka, platform.redis].flatMap((each) => (each === undefined ? [] : [each.pid()]));

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-second-start-'));
    settings = await isolatedSettings(join(folder, 'state'), defaultCacheDir(process.env));
    await writePopulation({ seed: 'second-start', people: PEOPLE, untidiness: 'untidy', directory: join(folder, 'sample') });
    const first = await start();
    await first.load(join(folder, 'sample'));
    before = await first.cells();
    const { knowable } = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(first.stateDir), knowableOnly: true });
    expect(describeDifferences(compareCells(before, knowable))).toBe('');
  });

  afterAll(async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('leaves no process behind when it stops', async () => {
    const pids = pidsOf(running!);
    expect(pids).toHaveLength(8);
    expect(pids.filter(isAlive)).toEqual(pids);
    await stop();
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('shows the same figures again, from what it kept', async () => {
    const second = await start();
    expect(describeDifferences(compareCells(await second.cells(), before))).toBe('');
    // Every submission is known: sent again, none says anything more.
    const kept = await logEnds(second);
    await second.load(join(folder, 'sample'));
    expect(await logEnds(second)).toEqual(kept);
  });

  it('publishes at the next start what was accepted when Kafka was away and the adapter killed', async () => {
    const { platform } = running!;
    const story = new PartnersStory(join(folder, 'late'), running!);
    const late = await story.write(
      { deployment: 'council', feed: 'rtof', part: 'person', mediaType: 'text/csv', file: 'late.csv', asOf: new Date().toISOString() },
      personCsv([['LATE-1', '2026-02'], ['LATE-2', '2026-02']]),
    );
    const logged = sum(await logEnds(running!));
    // Nothing that is accepted from here on can have been published.
    await platform.kafka!.stop();
    const lateId = await story.send(late);
    platform.services.get('council-adapter')!.kill();
    await platform.services.get('council-adapter')!.exited();
    const pids = pidsOf(running!);
    await stop();
    expect(pids.filter(isAlive)).toEqual([]);

    const third = await start();
    const again = new PartnersStory(join(folder, 'late'), third);
    await again.until('council', lateId, 'published');
    expect(await again.send(late)).toBe(lateId);
    // A support start, the circumstances and the identity of each of the two.
    expect(sum(await logEnds(third))).toBe(logged + 6);
    const cells = await third.cells();
    expect(totalOf(cells, 'support_starts')).toBe(totalOf(before, 'support_starts') + 2);
    const { knowable } = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(third.stateDir), knowableOnly: true });
    const added = await again.knowable([late]);
    for (const [cell, count] of added) knowable.set(cell, (knowable.get(cell) ?? 0) + count);
    expect(describeDifferences(compareCells(cells, knowable))).toBe('');
  });
});

/** Offset of the next record of each partition of the partners' topics. */
const logEnds = ({ platform }: RunningPlatform): Promise<Map<string, number[]>> =>
  endOffsets({ brokers: platform.kafkaBrokers.split(',') }, DEPLOYMENTS.flatMap((deployment) => [eventsTopic(deployment), identifiersTopic(deployment)]));

const sum = (ends: ReadonlyMap<string, readonly number[]>): number => [...ends.values()].flat().reduce((total, end) => total + end, 0);
