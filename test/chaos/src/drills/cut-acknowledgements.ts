import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTopics, EventProducer, readToEnd } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';
import { randomOf } from '../random.js';
import { startCutKafka } from './cut-kafka.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { anomaliesOf, eventOf } from './published-facts.js';

const TOPIC = 'partner-events.drill';
const PARTITIONS = 12;
/** Each in a loop of its own, as each adapter is in a process of its own. */
const PUBLISHERS = 12;
const RECORDS_PER_CALL = 20;
/** Half of all requests stay without an answer: of one and its repeats two in a row often, five now and then. */
const CUT = 0.5;

const FATES = ['unanswered', 'torn', 'lost'] as const;

/**
 * Publishers send facts, repeated and restated, while acknowledgements, and now and then requests, are taken away with their
 * connections. What the log then says of each fact must be what was published last of it; every event stands in it,
 * and in the order it was first published; copies are whole and change nothing.
 *
 * A trial is a lost acknowledgement.
 */
export async function cutAcknowledgements({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const random = randomOf(seed);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-cuts-'));
  const { kafka, cutBrokers, proxy, stop } = await startCutKafka(join(folder, 'kafka'), () => {
    if (struck() >= trials || !random.chance(CUT)) return 'answered';
    return FATES[random.below(FATES.length)]!;
  });
  const struck = (): number => proxy.cuts();
  try {
    const brokers = [kafka.brokers];
    await ensureTopics({ brokers, topics: [{ name: TOPIC, partitions: PARTITIONS, config: { 'message.timestamp.type': 'LogAppendTime' } }] });
    const published = await Promise.all(
      Array.from({ length: PUBLISHERS }, async (_, publisher) => {
        const own = randomOf(`${seed}/${publisher}`);
        const producer = new EventProducer({ brokers: [cutBrokers], clientId: `drill-${publisher}` });
        const sent: OutgoingRecord[] = [];
        try {
          while (proxy.cuts() < trials) {
            signal?.throwIfAborted();
            const records = Array.from({ length: RECORDS_PER_CALL }, () => {
              const record = eventOf(TOPIC, publisher, own, sent);
              sent.push(record);
              return record;
            });
            await producer.publish(records);
            onTrial?.(proxy.cuts());
          }
        } finally {
          await producer.close();
        }
        return sent;
      }),
    );
    const stored: OutgoingRecord[] = [];
    await readToEnd({ brokers, topics: [TOPIC], onBatch: ({ topic, records }) => void stored.push(...[...records].map(({ key, value }) => ({ topic, key: key && Buffer.from(key), value: value && Buffer.from(value) }))) });
    const all = published.flat();
    return { trials: proxy.cuts(), anomalies: anomaliesOf(published, stored), counts: { published: all.length, stored: stored.length, copies: stored.length - all.length } };
  } finally {
    await stop();
    await rm(folder, { recursive: true, force: true });
  }
}
