import { drain } from './drain.js';
import { kafkaStreams } from './kafka-streams.js';
import { onRedis } from './on-redis.js';
import { outcomesService } from './outcomes-service.js';
import type { TimelineContender } from './timeline-contender.js';

/** What is asked of ours beside the stream engine, whichever of its forms is best. */
const BESIDE_STREAMS = { every: { cold: 5, secondHalf: 3 }, fifth: { cold: 6, secondHalf: 3 } };
// A bench ends within half an hour: the forms that are never best run one of the two logs.
const BESIDE_OTHER_FORMS = { every: BESIDE_STREAMS.every };

/** Everybody who runs the logs about people under several references, in the order in which they take turns. */
export const TIMELINE_CONTENDERS: readonly TimelineContender[] = [
  drain,
  outcomesService,
  kafkaStreams('rocksdb', { name: 'Kafka Streams, RocksDB', role: 'bar', targets: BESIDE_OTHER_FORMS }),
  kafkaStreams('in-memory', { name: 'Kafka Streams, in memory', role: 'bar', targets: BESIDE_OTHER_FORMS }),
  kafkaStreams('tuned', { name: 'Kafka Streams, in memory, tuned', role: 'bar', targets: BESIDE_STREAMS }),
  kafkaStreams('whole-timelines', {
    name: 'Kafka Streams, tuned, any function of all facts',
    role: 'peer',
    targets: { every: { cold: 8, secondHalf: null } },
  }),
  onRedis('pipelined-timelines.ts', {
    name: 'kafkajs eachBatch, pipelined Redis',
    role: 'peer',
    targets: { every: { cold: 5, secondHalf: null }, fifth: { cold: 5, secondHalf: null } },
    shortLog: true,
  }),
  onRedis('plain-timelines.ts', {
    name: 'plain Nest handler, Redis per event',
    role: 'peer',
    targets: { every: { cold: 60, secondHalf: null }, fifth: { cold: 100, secondHalf: null } },
    shortLog: true,
  }),
];
