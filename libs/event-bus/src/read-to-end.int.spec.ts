import type { ConsumedBatch } from './consumed-batch.js';
import { EventProducer } from './event-producer.js';
import { readToEnd } from './read-to-end.js';
import { foreignClient, testConnection, uniqueName } from './testing/test-kafka.js';
import { ensureTopics, withAdmin } from './topic-admin.js';

const connection = testConnection();

const written = async (count: number): Promise<string> => {
  const topic = uniqueName('whole');
  await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 3 }] });
  const producer = new EventProducer(connection);
  await producer.publish(Array.from({ length: count }, (_, index) => ({ topic, partition: index % 2, key: Buffer.from('key'), value: Buffer.from(String(index)) })));
  await producer.close();
  return topic;
};
const read = async (topics: readonly string[]): Promise<string[]> => {
  const values: string[] = [];
  await readToEnd({ ...connection, topics, onBatch: ({ records }: ConsumedBatch) => void values.push(...[...records].map(({ value }) => String(value))) });
  return values;
};

describe('reading topics to their end', () => {
  it('gives every record once, those of a partition in order, and returns', async () => {
    const topics = [await written(2_500), await written(0), await written(10)];
    const values = (await read(topics)).map(Number);
    expect(values).toHaveLength(2_510);
    const first = values.filter((value) => value % 2 === 1 && value > 10);
    expect(first).toEqual([...first].sort((a, b) => a - b));
    expect(await read([topics[1]!])).toEqual([]);
  });

  it('reads on after a batch that could not be taken, without a record more or less', async () => {
    const topic = await written(20);
    const values: string[] = [];
    let refusals = 2;
    await readToEnd({
      ...connection,
      topics: [topic],
      onBatch({ records }) {
        if (refusals-- > 0) throw new Error('the disk was full for a moment');
        values.push(...[...records].map(({ value }) => String(value)));
      },
    });
    expect(values.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  it('leaves no group with a position behind', async () => {
    const topic = await written(5);
    await read([topic]);
    const admin = foreignClient(connection).admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    const ours = groups.filter(({ groupId }) => groupId.startsWith(`${connection.clientId}-`));
    const positions = await Promise.all(ours.map(({ groupId }) => admin.fetchOffsets({ groupId, topics: [topic] })));
    await admin.disconnect();
    expect(positions.flat().flatMap(({ partitions }) => partitions.map(({ offset }) => offset)).filter((offset) => offset !== '-1')).toEqual([]);
  });

  it('ends where a log does not begin with its first record any more', async () => {
    const topic = await written(20);
    await withAdmin(connection, async (admin) => {
      // The client deletes only where it has met the topic.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    await expect(read([topic])).rejects.toMatchObject({ code: 'POSITION_OUTSIDE_LOG', place: expect.stringContaining(topic) as string });
  });

  it('names a topic that is not there', async () => {
    await expect(read([uniqueName('absent')])).rejects.toMatchObject({ code: 'TOPIC_MISSING' });
  });
});
