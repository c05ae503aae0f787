import { drain } from './drain.js';
import { kafkaStreams } from './kafka-streams.js';
import { onRedis } from './on-redis.js';
import { outcomesService } from './outcomes-service.js';
import type { TimelineContender } from './timeline-contender.js';

/** What is asked of ours beside the stream engine, whichever of its forms is best. */
const BESIDE_STREAMS = { every: { cold: 5, secondHalf: 3 }, fifth: { cold: 6, secondHalf: 3 } };
// A bench ends within half an hour: the forms that are never best run one of the two logs, and once.
const BESIDE_OTHER_FORMS = { every: BESIDE_STREAMS.every };

// Over a short log the start of a process weighs more: by second halves, which have none.
const BESIDE_PIPELINED = { cold: null, secondHalf: 5 };

/** The form of the stream engine that was best in every trial. */
export const BEST_STREAMS = kafkaStreams('tuned', { name: 'Kafka Streams, in memory, tuned', role: 'bar', targets: BESIDE_STREAMS });

/** Everybody who runs the logs about people under several references, in the order in which they take turns; ours first under each condition. */
export const TIMELINE_CONTENDERS: readonly TimelineContender[] = [
  drain,
  outcomesService({ name: 'Throughline: outcomes', role: 'ours', targets: { every: null, fifth: null } }),
  outcomesService({ name: 'the same, nothing synced (appendfsync no)', role: 'condition', targets: { every: null } }, { appendfsync: 'no' }),
  outcomesService({ name: 'the same, two processes that share the partitions', role: 'condition', targets: { every: null }, once: true }, { processes: 2 }),
  kafkaStreams('rocksdb', { name: 'Kafka Streams, RocksDB', role: 'bar', targets: BESIDE_OTHER_FORMS, once: true }),
  kafkaStreams('in-memory', { name: 'Kafka Streams, in memory', role: 'bar', targets: BESIDE_OTHER_FORMS, once: true }),
  BEST_STREAMS,
  kafkaStreams('whole-timelines', {
    name: 'Kafka Streams, tuned, a joint function of all facts',
    role: 'peer',
    targets: { every: { cold: 8, secondHalf: null } },
    once: true,
  }),
  onRedis('pipelined-timelines.ts', {
    name: 'kafkajs eachBatch, pipelined Redis',
    role: 'peer',
    targets: { every: BESIDE_PIPELINED, fifth: BESIDE_PIPELINED },
    shortLog: true,
  }),
  onRedis('plain-timelines.ts', {
    name: 'plain Nest handler, Redis per event',
    role: 'peer',
    targets: { every: { cold: null, secondHalf: 60 }, fifth: { cold: null, secondHalf: 100 } },
    shortLog: true,
    // A minute and a half each time, and it spends nearly the same on every event.
    once: true,
  }),
];
