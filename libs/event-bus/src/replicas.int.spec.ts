import { partitionReplicas } from './replicas.js';
import { testConnection, uniqueName } from './testing/test-kafka.js';
import { ensureTopics } from './topic-admin.js';

it('tells of every partition who leads it and who is in sync', async () => {
  const connection = testConnection();
  const name = uniqueName('replicas');
  await ensureTopics({ ...connection, topics: [{ name, partitions: 2 }] });
  const found = await partitionReplicas(connection, [name]);
  // The test's Kafka is one broker, called 1.
  expect(found.sort((a, b) => a.partition - b.partition)).toEqual([0, 1].map((partition) => ({ topic: name, partition, leader: 1, replicas: [1], inSync: [1] })));
  expect(await partitionReplicas(connection, new RegExp(`^${name}-other$`))).toEqual([]);
});
