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

/** As long as a remedy may be, so that what is asked for does not fit one fetch. */
const remedy = 'Give a day. '.repeat(330);
const letter = (record: number) => ({ topic, key: null, value: deadLetterJson({ stage: 'intake', deployment: 'nhs', record, code: 'date-invalid', remedy }) });
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const recordsOf = (lines: readonly string[]): number[] => lines.map((line) => (JSON.parse(line) as { record: number }).record);

it('gives the newest in their order, over any number of fetches; fewer where there are fewer', async () => {
  expect(await newestDeadLetters(3, brokers, topic)).toEqual([]);
  for (const first of [1, 101, 201, 301, 401, 501]) await producer.publish(from(first, first + 99).map(letter));
  const lines = await newestDeadLetters(3, brokers, topic);
  expect(recordsOf(lines)).toEqual([598, 599, 600]);
  const { at, ...told } = JSON.parse(lines[0]!) as { at: string; [field: string]: unknown };
  expect(told).toEqual({ stage: 'intake', deployment: 'nhs', record: 598, code: 'date-invalid', remedy });
  expect(new Date(at).toISOString()).toBe(at);
  expect(recordsOf(await newestDeadLetters(500, brokers, topic))).toEqual(from(101, 600));
  expect(recordsOf(await newestDeadLetters(1000, brokers, topic))).toEqual(from(1, 600));
});

it('names a topic that is not there', async () => {
  await expect(newestDeadLetters(1, brokers, 'no-such-dead-letters')).rejects.toMatchObject({ code: 'NOT_REACHABLE', message: expect.stringContaining('TOPIC_MISSING') as string });
});
