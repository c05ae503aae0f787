import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
import { instanceAt } from './former-member.js';
import { EventProducer } from './event-producer.js';
import { groupMembers } from './testing/group-members.js';
import { PositionStore, testConnection, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

const connection = testConnection();
const producer = new EventProducer(connection);
afterAll(() => producer.close());

/** Longer than a test may take: whoever waits for it fails. */
const LONG_SESSION_MS = 250_000;

/** Joins the group in a process of its own, under a client id, and is killed with -9. */
async function joinAndDie(topic: string, groupId: string, clientId: string): Promise<void> {
  const script = `
    const { Kafka } = require(${JSON.stringify(createRequire(import.meta.url).resolve('kafkajs'))});
    const kafka = new Kafka({ brokers: ${JSON.stringify(connection.brokers)}, clientId: ${JSON.stringify(clientId)}, logLevel: 0 });
    const consumer = kafka.consumer({ groupId: ${JSON.stringify(groupId)}, sessionTimeout: ${LONG_SESSION_MS} });
    consumer.on(consumer.events.GROUP_JOIN, () => console.log('joined'));
    consumer.connect().then(() => consumer.subscribe({ topics: [${JSON.stringify(topic)}] })).then(() => consumer.run({ eachBatch: async () => {} }));`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(createInterface(child.stdout), 'line');
  child.kill('SIGKILL');
  await once(child, 'exit');
}

it('takes its killed former self out of the group, and nobody else', async () => {
  const topic = uniqueName('former');
  const groupId = uniqueName('group');
  await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 2 }] });
  const instance = instanceAt(9110);
  await joinAndDie(topic, groupId, `${connection.clientId}@${instance}`);
  expect(await groupMembers(connection, groupId)).toBe(1);
  await producer.publish([0, 1].map((partition) => ({ topic, partition, key: Buffer.from('key'), value: Buffer.from('value') })));

  const store = new PositionStore();
  const { consumer } = testConsumer(store, { topics: [topic], groupId, instance });
  await consumer.start();
  await until(() => store.taken.length === 2);
  expect(await groupMembers(connection, groupId)).toBe(1);

  // Another instance beside it: both stay.
  const other = testConsumer(store, { topics: [topic], groupId, instance: instanceAt(9111) });
  await other.consumer.start();
  await until(() => other.consumer.lags().length === 1 && consumer.lags().length === 1);
  expect(await groupMembers(connection, groupId)).toBe(2);
  await Promise.all([other.consumer.stop(), consumer.stop()]);
});

it('is no name where the system chose the port', () => {
  expect(instanceAt(0)).toBeUndefined();
});
