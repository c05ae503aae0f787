// Reads topics to their end with kafkajs and does nothing: the least that any consumer on this client costs.
// Words: brokers, group, number of records, topics separated by commas.
import kafkajs from 'kafkajs';
import { say } from '../process/contender.js';

const [brokers = '', groupId = '', records = '', topics = ''] = process.argv.slice(2);
const expected = Number(records);
const consumer = new kafkajs.Kafka({ brokers: brokers.split(','), clientId: 'no-op-drain', logLevel: kafkajs.logLevel.ERROR }).consumer({
  groupId,
  maxWaitTimeInMs: 50,
  maxBytesPerPartition: 1 << 20,
  maxBytes: 4 << 20,
});
consumer.on(consumer.events.GROUP_JOIN, () => say({ event: 'joined' }));
let seen = 0;
let bytes = 0;
await consumer.connect();
await consumer.subscribe({ topics: topics.split(','), fromBeginning: true });
await consumer.run({
  autoCommit: false,
  partitionsConsumedConcurrently: 3,
  eachBatch: async ({ batch }) => {
    for (const { value } of batch.messages) bytes += value?.length ?? 0;
    const before = seen;
    seen += batch.messages.length;
    if (before * 2 < expected && seen * 2 >= expected) say({ event: 'half' });
    if (seen >= expected) say({ event: 'done', seen, bytes });
  },
});
