import { liveTopics } from '@throughline/event-contracts';
import { EventProducer } from './event-producer.js';
import { testConnection, uniqueName } from './testing/test-kafka.js';
import { endOffsets, ensureTopics, withAdmin } from './topic-admin.js';

const connection = testConnection();
const settingOf = (topic: string, name: string): Promise<string | undefined> =>
  withAdmin(connection, async (admin) => {
    const { resources } = await admin.describeConfigs({ includeSynonyms: false, resources: [{ type: 2, name: topic, configNames: [name] }] });
    return resources[0]?.configEntries[0]?.configValue;
  });

describe('topics', () => {
  it('are made once, as the contract says, by whoever comes first', async () => {
    const topics = liveTopics([uniqueName('north')]).slice(0, 2);
    await Promise.all([ensureTopics({ ...connection, topics }), ensureTopics({ ...connection, topics })]);
    await ensureTopics({ ...connection, topics });
    const [events] = topics;
    const name = events?.name ?? '';
    expect((await endOffsets(connection, [name])).get(name)).toEqual(Array.from({ length: 12 }, () => 0));
    expect(await settingOf(name, 'retention.ms')).toBe('-1');
    expect(await settingOf(name, 'cleanup.policy')).toBe('compact');
    expect(await settingOf(name, 'compression.type')).toBe('uncompressed');
  });

  it('get a setting back that somebody changed', async () => {
    const name = uniqueName('settings');
    await ensureTopics({ ...connection, topics: [{ name, partitions: 1, config: { 'retention.ms': '86400000' } }] });
    await ensureTopics({ ...connection, topics: [{ name, partitions: 1, config: { 'retention.ms': '-1' } }] });
    expect(await settingOf(name, 'retention.ms')).toBe('-1');
  });

  it('are refused with another number of partitions', async () => {
    const name = uniqueName('partitions');
    await ensureTopics({ ...connection, topics: [{ name, partitions: 2 }] });
    await expect(ensureTopics({ ...connection, topics: [{ name, partitions: 3 }] })).rejects.toMatchObject({ code: 'TOPIC_PARTITIONS_DIFFER', place: name });
  });

  it('say where they end, by name or by pattern', async () => {
    const stem = uniqueName('ends');
    const names = [`${stem}.a`, `${stem}.b`];
    await ensureTopics({ ...connection, topics: names.map((name) => ({ name, partitions: 2 })) });
    const producer = new EventProducer(connection);
    await producer.publish([0, 1, 1].map((partition) => ({ topic: `${stem}.b`, partition, key: null, value: Buffer.from('x') })));
    await producer.close();
    expect(await endOffsets(connection, new RegExp(`^${stem}\\.`))).toEqual(new Map([[`${stem}.a`, [0, 0]], [`${stem}.b`, [1, 2]]]));
    await expect(endOffsets(connection, [uniqueName('absent')])).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });
});

describe('a broker that is not there', () => {
  it('is named, and leaves nothing running', async () => {
    const nowhere = { brokers: ['127.0.0.1:1'] };
    await expect(endOffsets(nowhere, ['any'])).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE', place: '127.0.0.1:1', retryable: true });
    const producer = new EventProducer({ ...nowhere, retries: 1 });
    await expect(producer.publish([{ topic: 'any', key: null, value: null }])).rejects.toMatchObject({ code: 'KAFKA_UNREACHABLE' });
    await producer.close();
  });
});
