import { eventsTopic, liveTopics } from '@throughline/event-contracts';
import { DEPLOYMENTS, factLog } from '../facts/fictional-facts.js';
import type { FactRecord } from '../facts/fictional-facts.js';
import { ensureEventTopics } from '../process/bench-servers.js';
import type { BenchServers } from '../process/bench-servers.js';
import { saying, startContender } from '../process/contender.js';
import type { PartOptions } from './part.js';

/** Topic that holds the first records of the log, for who would take too long over all of it. */
export const PREFIX_TOPIC = 'bench-prefix';

export const TOPICS = DEPLOYMENTS.map(eventsTopic);

/** What was published, and how fast. */
export interface PublishedLog {
  readonly people: number;
  readonly records: number;
  readonly prefix: number;
  readonly bytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Publishes the log, once a server; measured as it goes. */
export async function publishLog(servers: BenchServers, { root, progress }: PartOptions, people: number, prefix: number): Promise<PublishedLog> {
  const brokers = servers.kafka.brokers.split(',');
  const [events] = liveTopics(DEPLOYMENTS).filter(({ name }) => name === TOPICS[0]);
  if (events === undefined) throw new Error('The contract has no topic of events.');
  await ensureEventTopics(brokers, [...liveTopics(DEPLOYMENTS), { ...events, name: PREFIX_TOPIC }]);
  const records = countRecords(people);
  const task = progress.start('Publishing events', records, 'events');
  const { child, said } = await startContender(root, 'test/bench/src/parts/publishing-run.ts', [servers.kafka.brokers, String(people), String(prefix), PREFIX_TOPIC]);
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
  const done = await said(saying('done'));
  await child.exited;
  task.finish();
  if (published !== records) throw new Error(`Published ${String(published)} of ${records} events.`);
  return { people, records, prefix: done['prefix'] as number, bytes: bytes as number, seconds: seconds as number, cpuSeconds: cpuSeconds as number };
}

/** The first records of the log. */
export function* firstRecords(people: number, count: number): Generator<FactRecord> {
  let given = 0;
  for (const record of factLog(people)) {
    if (given === count) return;
    given += 1;
    yield record;
  }
}

function countRecords(people: number): number {
  let count = 0;
  for (const _ of factLog(people)) count += 1;
  return count;
}
