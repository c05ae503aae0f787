// Publishes the log with the platform's own producer, as an adapter does: batches of a thousand, each awaited.
// Words: brokers, people.
import { EventProducer } from '@throughline/event-bus';
import { factLog } from '../facts/fictional-facts.js';
import type { FactRecord } from '../facts/fictional-facts.js';
import { say } from '../process/contender.js';

const [brokers = '', people = ''] = process.argv.slice(2);
const BATCH = 1_000;
/** Records made ahead of being published, so that making them is not in the measured time. */
const AHEAD = 50_000;

const producer = new EventProducer({ brokers: brokers.split(','), clientId: 'bench' });
await producer.connect();
let published = 0;
let bytes = 0;
let milliseconds = 0;
let cpu = 0;

async function publish(records: readonly FactRecord[]): Promise<void> {
  const began = performance.now();
  const before = process.cpuUsage();
  for (let at = 0; at < records.length; at += BATCH) await producer.publish(records.slice(at, at + BATCH));
  milliseconds += performance.now() - began;
  const used = process.cpuUsage(before);
  cpu += (used.user + used.system) / 1e6;
  for (const { key, value } of records) bytes += key.length + value.length;
  published += records.length;
  say({ event: 'progress', published });
}

let waiting: FactRecord[] = [];
for (const record of factLog(Number(people))) {
  waiting.push(record);
  if (waiting.length < AHEAD) continue;
  await publish(waiting);
  waiting = [];
}
await publish(waiting);
await producer.close();
say({ event: 'published', published, bytes, seconds: milliseconds / 1_000, cpuSeconds: cpu });
