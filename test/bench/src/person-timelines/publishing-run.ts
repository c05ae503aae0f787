// Publishes a log about people under several references with the platform's own producer, and says what must come out.
// Words: brokers, the workload as JSON.
import { EventProducer } from '@throughline/event-bus';
import { say } from '../process/contender.js';
import { timelineLog } from './timeline-log.js';
import type { TimelineRecord } from './timeline-log.js';
import type { Workload } from './workload.js';

const [brokers = '', words = ''] = process.argv.slice(2);
const BATCH = 5_000;
const TOLD_EVERY = 100_000;

const producer = new EventProducer({ brokers: brokers.split(','), clientId: 'bench', maxBatchRecords: BATCH });
await producer.connect();
let published = 0;
let batch: TimelineRecord[] = [];
let sending: Promise<unknown> = Promise.resolve();

/** One batch is sent while the next is made. */
async function publish(): Promise<void> {
  await sending;
  sending = producer.publish(batch);
  published += batch.length;
  if (published % TOLD_EVERY < batch.length) say({ event: 'progress', published });
  batch = [];
}

for (const record of timelineLog(JSON.parse(words) as Workload)) {
  batch.push(record);
  if (batch.length === BATCH) await publish();
}
await publish();
await sending;
await producer.close();
say({ event: 'done', published });
