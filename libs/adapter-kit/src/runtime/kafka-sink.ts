import { DeadLetterPublisher } from '@throughline/event-bus';
import type { EventProducer } from '@throughline/event-bus';
import type { EventSink } from '../pipeline/event-sink.js';

/** Events to Kafka, through the process's one producer. */
export const kafkaSink = (producer: Pick<EventProducer, 'publish'>): EventSink => {
  const letters = new DeadLetterPublisher(producer);
  return {
    publish: (records) => producer.publish(records),
    deadLetters: async (refused) => {
      await letters.deadLetter(...refused.map((letter) => ({ stage: 'intake' as const, ...letter })));
    },
  };
};
