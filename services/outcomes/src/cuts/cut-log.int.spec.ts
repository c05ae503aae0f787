import { jest } from '@jest/globals';
import { EventProducer, ensureTopics } from '@throughline/event-bus';
import { liveTopics, OUTCOME_CUTS } from '@throughline/event-contracts';
import { createLogger } from '@throughline/telemetry';
import { freshName } from '@throughline/servers';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fictionalCut } from '../testing/fictional-cuts.js';
import { CutLog } from './cut-log.js';
import { cutRecords } from './cut-records.js';

const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
const logs: CutLog[] = [];
let topic: string;
let producer: EventProducer;

jest.setTimeout(60_000);

const open = async (): Promise<CutLog> => {
  const log = new CutLog({
    brokers,
    topic,
    producer,
    logger: createLogger({ service: 'outcomes', level: 'silent' }),
    onCrash: (error) => {
      throw error;
    },
  });
  logs.push(log);
  log.start();
  while (!log.known) await pause(10);
  return log;
};

beforeEach(async () => {
  topic = freshName(OUTCOME_CUTS);
  const [spec] = liveTopics([]).filter(({ name }) => name === OUTCOME_CUTS);
  await ensureTopics({ brokers, topics: [{ ...spec!, name: topic }] });
  producer = new EventProducer({ brokers });
});
afterEach(async () => {
  for (const log of logs.splice(0)) await log.stop();
  await producer.close();
});

describe('the log of cuts', () => {
  it('gives no number to two processes that write at once, and shows both the same cuts', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    const added = await Promise.all([...Array(4).keys()].flatMap((index) => [one, other].map((log, by) => log.add(fictionalCut(3_000, 2 * index + by)))));
    expect(added.map(({ number }) => number).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    while (one.last?.number !== 8 || other.last?.number !== 8) await pause(10);
    expect(other.last).toEqual(one.last);
    const { takenAt } = added.find(({ number }) => number === 8)!;
    expect(one.last).toMatchObject({ takenAt });
  });

  it('shows nothing of a cut whose writer died between two records, and gives its number to the next', async () => {
    const log = await open();
    const first = await log.add(fictionalCut(10_000));
    const { parts, whole } = cutRecords(fictionalCut(20_000, 1), 2, randomBytes(16));
    // What a process killed after each of its requests leaves behind.
    for (const value of parts) await producer.publish([{ topic, key: null, value }]);
    await log.stop();
    const restarted = await open();
    expect(restarted.last).toEqual(first);
    expect((await restarted.add(fictionalCut(5, 2))).number).toBe(2);
    // Its last request arrives after all: too late.
    await producer.publish([{ topic, key: null, value: whole }]);
    expect((await restarted.add(fictionalCut(5, 3))).number).toBe(3);
    expect((await open()).last).toEqual(restarted.last);
  });

  it('does not go on writing to a topic that loses what it acknowledged', async () => {
    const log = new CutLog({ brokers, topic, producer: { publish: async () => undefined }, logger: createLogger({ service: 'outcomes', level: 'silent' }), onCrash: () => undefined });
    logs.push(log);
    log.start();
    await expect(log.add(fictionalCut(1))).rejects.toMatchObject({ code: 'CUTS_NOT_READ' });
  });

  it('says when it cannot be read, and writes nothing then', async () => {
    const log = await open();
    await log.stop();
    await producer.publish([{ topic, key: null, value: Buffer.from('somebody wrote') }]);
    const blind = new CutLog({ brokers, topic, producer, logger: createLogger({ service: 'outcomes', level: 'silent' }), onCrash: () => undefined, patienceMs: 1 });
    await expect(blind.add(fictionalCut(1))).rejects.toMatchObject({ code: 'CUTS_NOT_READ' });
    expect((await open()).last).toBeNull();
  });
});
