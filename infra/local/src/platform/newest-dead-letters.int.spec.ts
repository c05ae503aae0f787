import { deadLetterJson, ensureTopics, EventProducer } from '@throughline/event-bus';
import { randomBytes } from 'node:crypto';
import { newestDeadLetters } from './newest-dead-letters.js';

const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
const topic = `dead-letters-${randomBytes(4).toString('hex')}`;

let producer: EventProducer;
beforeAll(async () => {
  await ensureTopics({ brokers, topics: [{ name: topic, partitions: 1, config: {} }] });
  producer = new EventProducer({ brokers });
});
afterAll(() => producer?.close());

const letter = (record: number) => ({ topic, key: null, value: deadLetterJson({ stage: 'intake', deployment: 'nhs', record, code: 'date-invalid', remedy: 'Give a day.' }) });

it('gives the newest, in their order, over batches of any size; fewer where there are fewer', async () => {
  expect(await newestDeadLetters(3, brokers, topic)).toEqual([]);
  for (const records of [[1, 2, 3, 4, 5], [6], [7]]) await producer.publish(records.map(letter));
  const lines = await newestDeadLetters(3, brokers, topic);
  const letters = lines.map((line) => JSON.parse(line) as { at: string; record: number; code: string });
  expect(letters.map(({ record, code }) => [record, code])).toEqual([
    [5, 'date-invalid'],
    [6, 'date-invalid'],
    [7, 'date-invalid'],
  ]);
  for (const { at } of letters) expect(new Date(at).toISOString()).toBe(at);
  expect(await newestDeadLetters(100, brokers, topic)).toHaveLength(7);
});

it('names a topic that is not there', async () => {
  await expect(newestDeadLetters(1, brokers, 'no-such-dead-letters')).rejects.toMatchObject({ code: 'NOT_REACHABLE', message: expect.stringContaining('TOPIC_MISSING') as string });
});
