import type { ConsumedBatch } from '../consumed-batch.js';
import { Reposition } from '../bus-error.js';
import { MemoryConsumer } from './memory-consumer.js';
import { MemoryLog } from './memory-log.js';

const TOPIC = 'partner-events.nhs';
const record = (key: string, value: string | null, partition = 0) => ({ topic: TOPIC, partition, key: Buffer.from(key.padEnd(32)), value: value === null ? null : Buffer.from(value) });

function newLog(fetchRecords = 2): MemoryLog {
  const log = new MemoryLog({ fetchRecords: () => fetchRecords });
  log.createTopic(TOPIC, 2);
  return log;
}

/** A reader that keeps what it is brought and where it stands, as a store would. */
function reader(log: MemoryLog, group = 'g') {
  const stored = new Map<number, number>();
  const seen: ConsumedBatch[] = [];
  const said: string[] = [];
  let answer: () => Promise<Reposition | void> = async () => undefined;
  const consumer = new MemoryConsumer(log, {
    brokers: [],
    groupId: group,
    topics: /^partner-events\./,
    maxWaitMs: 1,
    fromPosition: async (_, partition) => stored.get(partition) ?? 0,
    onBatch: async (batch) => {
      const outcome = await answer();
      if (outcome instanceof Reposition) return outcome;
      seen.push(batch);
      said.push(...[...batch.records].map(({ value }) => String(value)));
      stored.set(batch.partition, batch.nextOffset);
      return undefined;
    },
    onCrash: (error) => {
      throw error;
    },
  });
  const values = () => said;
  return { consumer, stored, seen, values, answers: (next: typeof answer) => (answer = next) };
}

const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('a log in memory', () => {
  it('brings every record once, in the order of its partition, in batches that begin where the store stands', async () => {
    const log = newLog();
    log.append(['a', 'b', 'c', 'd', 'e'].map((value) => record(value, value)));
    const { consumer, seen, values } = reader(log);
    await consumer.start();
    await until(() => values().length === 5);
    await consumer.stop();
    expect(values()).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(seen.map(({ firstOffset, nextOffset }) => [firstOffset, nextOffset])).toEqual([[0, 2], [2, 4], [4, 5]]);
    expect(log.ends(TOPIC)).toEqual([5, 0]);
  });

  it('takes back the bytes of a batch once its handler has returned, as the real one does', async () => {
    const log = newLog();
    log.append([record('a', 'a')]);
    const { consumer, seen, values } = reader(log);
    await consumer.start();
    await until(() => seen.length === 1 && seen[0]!.records.at(0).value?.[0] !== 'a'.charCodeAt(0));
    await consumer.stop();
    expect(values()).toEqual(['a']);
    expect(log.records(TOPIC).map(({ value }) => String(value))).toEqual(['a']);
  });

  it('reads again from the stored position what failed, or was moved', async () => {
    const log = newLog(10);
    log.append([record('a', 'a')]);
    const { consumer, values, answers } = reader(log);
    const outcomes = [() => Promise.reject(new Error('the store is away')), async () => new Reposition('moved')];
    answers(async () => outcomes.shift()?.());
    await consumer.start();
    await until(() => values().length > 0);
    await consumer.stop();
    expect([values(), outcomes]).toEqual([['a'], []]);
  });

  it('deals partitions among members, and has one that was given up join again', async () => {
    const log = newLog();
    const [one, two] = [reader(log), reader(log)];
    await one.consumer.start();
    await two.consumer.start();
    await until(() => one.consumer.lags().length === 1 && two.consumer.lags().length === 1);
    one.consumer.expel();
    await until(() => log.group('g').members.length === 2);
    await Promise.all([one.consumer.stop(), two.consumer.stop()]);
    expect(log.group('g').members).toEqual([]);
  });

  it('compacts to the last record of each key, and passes over what is gone', async () => {
    const log = newLog(10);
    log.append([record('a', '1'), record('b', '2'), record('a', '3'), record('b', null)]);
    log.compact(TOPIC);
    expect(log.records(TOPIC).map(({ offset, value }) => [offset, value === null ? null : String(value)])).toEqual([[2, '3'], [3, null]]);
    log.compact(TOPIC);
    const { consumer, stored, values } = reader(log);
    await consumer.start();
    await until(() => stored.get(0) === 4);
    await consumer.stop();
    expect(values()).toEqual(['3']);
  });
});
