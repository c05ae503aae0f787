import type { RecordMetadata, TopicMessages } from 'kafkajs';
import { sendConfirmed } from './send-confirmed.js';

const message = (partition: number, value: string) => ({ key: null, partition, value: Buffer.from(value) });
const answer = (topicName: string, partition: number, errorCode = 0): RecordMetadata => ({ topicName, partition, errorCode });
const texts = (requests: TopicMessages[][]): string[][] => requests.map((request) => request.flatMap(({ messages }) => messages.map(({ value }) => String(value))));
const placeOf = (_topic: string, { partition }: { partition?: number }): number => partition ?? 0;

describe('sendConfirmed', () => {
  it('sends again what no answer confirmed, and only that', async () => {
    const requests: TopicMessages[][] = [];
    const answers = [[answer('a', 0), answer('b', 0, 6)], [answer('a', 1)], [answer('b', 0)]];
    await sendConfirmed(
      async (topicMessages) => {
        requests.push(topicMessages);
        return answers[requests.length - 1] ?? [];
      },
      [
        { topic: 'a', messages: [message(0, 'a0'), message(1, 'a1'), message(1, 'a1 too')] },
        { topic: 'b', messages: [message(0, 'b0')] },
      ],
      placeOf,
    );
    expect(texts(requests)).toEqual([['a0', 'a1', 'a1 too', 'b0'], ['a1', 'a1 too', 'b0'], ['b0']]);
  });

  it('fails when a partition never answers', async () => {
    const send = async (): Promise<RecordMetadata[]> => [answer('a', 0)];
    await expect(sendConfirmed(send, [{ topic: 'a', messages: [message(1, 'a1')] }], placeOf)).rejects.toMatchObject({ code: 'PUBLISH_FAILED', retryable: true });
  });
});
