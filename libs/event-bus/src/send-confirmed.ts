import type { Message, RecordMetadata, TopicMessages } from 'kafkajs';
import { BusError } from './bus-error.js';

/** Requests for what a request left unanswered, before it counts as failed. */
const ROUNDS = 8;

/**
 * Sends until every partition has answered. kafkajs remembers answers by broker while it retries: when leadership moves
 * between two tries to a broker that has already answered, it drops the records of the partition that moved and resolves.
 * @param placeOf the partition a message goes to.
 * @throws BusError `PUBLISH_FAILED`, or what `send` throws.
 */
export async function sendConfirmed(
  send: (topicMessages: TopicMessages[]) => Promise<RecordMetadata[]>,
  topicMessages: TopicMessages[],
  placeOf: (topic: string, message: Message) => number,
): Promise<void> {
  let open = topicMessages;
  for (let round = 0; round < ROUNDS; round++) {
    const answers = await send(open);
    const stored = new Set(answers.filter(({ errorCode }) => errorCode === 0).map(({ topicName, partition }) => `${topicName}/${partition}`));
    open = open
      .map(({ topic, messages }) => ({ topic, messages: messages.filter((message) => !stored.has(`${topic}/${placeOf(topic, message)}`)) }))
      .filter(({ messages }) => messages.length > 0);
    if (open.length === 0) return;
  }
  throw new BusError('PUBLISH_FAILED', open.map(({ topic }) => topic).join(','), 'The leader keeps moving: publish the same records again later.', true);
}
