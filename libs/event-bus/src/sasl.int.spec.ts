import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, findJars, findJava, runTool, silentProgress, startKafka } from '@throughline/servers';
import { EventProducer } from './event-producer.js';
import type { KafkaConnection } from './kafka-connection.js';
import { PositionStore, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

type Kafka = Awaited<ReturnType<typeof startKafka>>;

const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const settings = {
  'listener.security.protocol.map': 'CLIENT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-512',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'listener.name.client.plain.sasl.jaas.config': `${PLAIN} username="broker" password="of-the-broker" user_broker="of-the-broker" user_partner="of-the-partner";`,
  'listener.name.client.scram-sha-512.sasl.jaas.config': 'org.apache.kafka.common.security.scram.ScramLoginModule required;',
};
let folder: string;
let kafka: Kafka;

/** Users of SCRAM are made by Kafka's own tool. */
async function addScramUser(name: string, password: string): Promise<void> {
  const java = await findJava(parts);
  const config = join(folder, 'tool.properties');
  await writeFile(config, `security.protocol=SASL_PLAINTEXT\nsasl.mechanism=PLAIN\nsasl.jaas.config=${PLAIN} username="broker" password="of-the-broker";\n`);
  const change = ['--alter', '--entity-type', 'users', '--entity-name', name, '--add-config', `SCRAM-SHA-512=[password=${password}]`];
  const words = ['-cp', join(await findJars('kafka', java, parts), '*'), 'kafka.admin.ConfigCommand', '--bootstrap-server', kafka.brokers, '--command-config', config, ...change];
  const { code, output } = await runTool(java.command, words, parts.env);
  if (code !== 0) throw new Error(output);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-sasl-'));
  kafka = await startKafka({ parts, dataDir: folder, settings });
  await addScramUser('reader', 'of-the-reader');
});
afterAll(async () => {
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
});

const PARTNER = { mechanism: 'plain', username: 'partner', password: 'of-the-partner' } as const;
const READER = { mechanism: 'scram-sha-512', username: 'reader', password: 'of-the-reader' } as const;
const as = (sasl: NonNullable<KafkaConnection['sasl']>): KafkaConnection => ({ brokers: [kafka.brokers], sasl });

it('writes as one user and reads as another, each saying who it is in its own way', async () => {
  const topic = uniqueName('sasl');
  await ensureTopics({ ...as(PARTNER), topics: [{ name: topic, partitions: 1 }] });
  const producer = new EventProducer(as(PARTNER));
  const values = Array.from({ length: 300 }, (_, index) => `${index}:`.padEnd(1_000, '.'));
  await producer.publish(values.map((value) => ({ topic, partition: 0, key: null, value: Buffer.from(value) })));
  await producer.close();
  const store = new PositionStore();
  const { consumer } = testConsumer(store, { ...as(READER), topics: [topic] });
  await consumer.start();
  await until(() => store.taken.length >= values.length);
  await consumer.stop();
  expect(store.values()).toEqual(values);
});

it.each([PARTNER, READER])('is refused with a password of somebody else by $mechanism', async (user) => {
  const { consumer } = testConsumer(new PositionStore(), { ...as({ ...user, password: 'of-nobody' }), topics: [uniqueName('sasl')] });
  await expect(consumer.start()).rejects.toMatchObject({ code: 'KAFKA_REFUSED', retryable: false });
});
