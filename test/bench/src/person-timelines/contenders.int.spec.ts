import { silentProgress } from '@throughline/servers';
import { resolve } from 'node:path';
import { startBenchServers } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import { TIMELINE_CONTENDERS } from './contenders.js';
import { measureRun } from './measured-run.js';
import { publishTimelines } from './published-timelines.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { Variant } from './workload.js';

const ROOT = resolve(import.meta.dirname, '../../../..');

/** The stream engine is left to the bench, which checks its answers as well: a hundred megabytes would have to be fetched for a test. */
const contenders = TIMELINE_CONTENDERS.filter(({ name }) => !name.startsWith('Kafka Streams'));

let servers: BenchServers;
const logs = new Map<Variant, PublishedTimelines>();
beforeAll(async () => {
  servers = await startBenchServers(silentProgress);
  for (const variant of ['every', 'fifth'] as const) {
    const workload = { variant, participants: 60, events: 10, partitions: 2, name: variant };
    logs.set(variant, await publishTimelines(workload, { root: ROOT, brokers: servers.kafka.brokers, folder: servers.folder, progress: silentProgress }));
  }
});
afterAll(() => servers.stop());

const run = (log: PublishedTimelines, id: string): Parameters<typeof measureRun>[1] => ({ root: ROOT, servers, log, id, profileDir: null });

describe.each(contenders)('$name', (contender) => {
  it.each(Object.keys(contender.targets) as Variant[])('gives the right answer where %s of the events changes something', async (variant) => {
    const { cold, secondHalf, stored } = await measureRun(contender, run(logs.get(variant)!, `${variant}-${contenders.indexOf(contender)}`));
    expect(cold.events).toBe(1_200);
    expect(cold.cpuSeconds).toBeGreaterThan(secondHalf.cpuSeconds);
    // Not the processor time of Redis: so small a log may take less of it than a tick of the clock that counts it.
    expect(stored !== null && stored.after > stored.before).toBe(contender.role !== 'ceiling');
  });
});

it('a wrong answer fails the run', async () => {
  const log = logs.get('every')!;
  const [cell, count] = [...log.expected][0]!;
  const [contender] = contenders.filter(({ name }) => name.includes('pipelined'));
  const wrong = { ...log, expected: new Map([...log.expected, [cell, count + 1]]) };
  await expect(measureRun(contender!, run(wrong, 'wrong'))).rejects.toThrow(`1 of ${log.expected.size} differ`);
});
