import { EventProducer } from './event-producer.js';
import { readPlaces } from './read-places.js';
import type { RecordPlace } from './read-places.js';
import { testConnection, uniqueName } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

const connection = testConnection();
const producer = new EventProducer(connection);
afterAll(() => producer.close());

async function read(places: readonly RecordPlace[]): Promise<string[]> {
  const found: string[] = [];
  await readPlaces({ ...connection, places, onRecord: ({ partition, offset }, { value }) => void found.push(`${partition}/${offset} ${String(value)}`) });
  return found.sort();
}

it('reads the records that are asked for and no other, however far apart, beside those of a topic that is gone', async () => {
  const topic = uniqueName('places');
  await ensureTopics({ ...connection, topics: [{ name: topic, partitions: 3 }] });
  const record = (partition: number, index: number) => ({ topic, partition, key: null, value: Buffer.from(`${partition}-${index} ${'x'.repeat(2_000)}`) });
  await producer.publish([0, 1].flatMap((partition) => Array.from({ length: 2_000 }, (_, index) => record(partition, index))));
  const at = (partition: number, offset: number): RecordPlace => ({ topic, partition, offset });
  const found = await read([at(1, 1_999), at(0, 3), at(0, 1_700), at(0, 3), at(1, 0), at(0, 2_000), at(2, 0)]);
  expect(found.map((line) => line.slice(0, 15).trim())).toEqual(['0/1700 0-1700 x', '0/3 0-3 xxxxxxx', '1/0 1-0 xxxxxxx', '1/1999 1-1999 x']);
  expect(await read([])).toEqual([]);
  const gone = { topic: uniqueName('places-deleted'), partition: 0, offset: 0 };
  expect(await read([gone, at(0, 3), gone])).toHaveLength(1);
  expect(await read([gone])).toEqual([]);
});
