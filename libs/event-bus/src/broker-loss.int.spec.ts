import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultCacheDir, silentProgress, startKafka } from '@throughline/servers';
import { EventProducer } from './event-producer.js';
import { PositionStore, testConsumer, uniqueName, until } from './testing/test-kafka.js';
import { ensureTopics, withAdmin } from './topic-admin.js';

type Kafka = Awaited<ReturnType<typeof startKafka>>;

const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
// Who may do what is checked, and everything is allowed that no rule speaks of.
const settings = {
  'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
  'allow.everyone.if.no.acl.found': 'true',
};
let folder: string;
let kafka: Kafka;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-broker-loss-'));
  kafka = await startKafka({ parts, dataDir: folder, settings });
});
afterAll(async () => {
  await kafka.stop();
  await rm(folder, { recursive: true, force: true });
});

const restart = async (): Promise<void> => {
  kafka.kill();
  await kafka.exited;
  kafka = await startKafka({ parts, dataDir: folder, settings });
};

describe('a broker killed while it is written to and read from', () => {
  it('has every record that was acknowledged, and is read to the end by itself', async () => {
    const connection = { brokers: [kafka.brokers] };
    const topic = uniqueName('kill');
    await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 4 }] });
    const store = new PositionStore();
    const { consumer, crashes } = testConsumer(store, { ...connection, topics: [topic] });
    await consumer.start();
    const producer = new EventProducer({ ...connection, maxBatchRecords: 200 });
    const acknowledged = new Set<string>();
    let stop = false;
    const writer = async (name: number): Promise<void> => {
      for (let call = 0; !stop; call++) {
        const values = Array.from({ length: 20 }, (_, index) => `${name}:${call}:${index}`);
        await producer.publish(values.map((value, index) => ({ topic, partition: index % 4, key: null, value: Buffer.from(value) })));
        for (const value of values) acknowledged.add(value);
      }
    };
    const writers = Array.from({ length: 10 }, (_, name) => writer(name));
    for (let kill = 0; kill < 2; kill++) {
      const before = acknowledged.size;
      await until(() => acknowledged.size > before + 2_000);
      await restart();
    }
    const before = acknowledged.size;
    await until(() => acknowledged.size > before + 2_000);
    stop = true;
    await Promise.all(writers);
    await producer.close();
    await until(() => consumer.lags().length === 4 && consumer.lags().every(({ next, end }) => next === end && end > 0));
    const stored = new Set(store.values());
    expect([...acknowledged].filter((value) => !stored.has(value))).toEqual([]);
    expect(crashes).toEqual([]);
    expect(store.refusals).toBe(0);
    await consumer.stop();
  });
});

describe('a group that may not be joined', () => {
  it('ends the consumer aloud', async () => {
    const connection = { brokers: [kafka.brokers] };
    const topic = uniqueName('forbidden');
    const groupId = uniqueName('forbidden');
    await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 1 }] });
    const [GROUP, LITERAL, READ, ALLOW] = [3, 3, 3, 3];
    await withAdmin(connection, (admin) =>
      admin.createAcls({
        acl: [
          { resourceType: GROUP, resourceName: groupId, resourcePatternType: LITERAL, principal: 'User:somebody-else', host: '*', operation: READ, permissionType: ALLOW },
        ],
      }),
    );
    const { consumer, crashes } = testConsumer(new PositionStore(), { ...connection, topics: [topic], groupId });
    await consumer.start();
    await until(() => crashes.length > 0);
    expect(crashes[0]).toMatchObject({ code: 'KAFKA_REFUSED', retryable: false });
    await consumer.stop();
  });
});
