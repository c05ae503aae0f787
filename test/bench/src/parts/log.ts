import { eventsTopic, liveTopics } from '@throughline/event-contracts';
import { DEPLOYMENTS, factLog } from '../facts/fictional-facts.js';
import { ensureEventTopics } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import { saying, startContender } from '../process/contender.js';
import type { PartOptions } from './part.js';

export const TOPICS = DEPLOYMENTS.map(eventsTopic);

/** What was published, and how fast. */
export interface PublishedLog {
  readonly people: number;
  readonly records: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Publishes the log, once a server; measured as it goes. */
export async function publishLog(servers: BenchServers, { root, progress }: PartOptions, people: number): Promise<PublishedLog> {
  const brokers = servers.kafka.brokers.split(',');
  await ensureEventTopics(brokers, liveTopics(DEPLOYMENTS));
  const records = countRecords(people);
  const task = progress.start('Publishing events', records, 'events');
  const { child, said } = await startContender(root, 'test/bench/src/parts/publishing-run.ts', [servers.kafka.brokers, String(people)]);
  let seen = 0;
  const follow = async (): Promise<void> => {
    for (;;) {
      const { published } = await said((word) => word['event'] === 'progress' && (word['published'] as number) > seen);
      seen = published as number;
      task.update(seen);
      if (seen >= records) return;
    }
  };
  await follow();
  const { published, bytes, seconds, cpuSeconds } = await said(saying('published'));
  await child.exited;
  task.finish();
  if (published !== records) throw new Error(`Published ${String(published)} of ${records} events.`);
  return { people, records, bytes: bytes as number, seconds: seconds as number, cpuSeconds: cpuSeconds as number };
}

function countRecords(people: number): number {
  let count = 0;
  for (const _ of factLog(people)) count += 1;
  return count;
}
