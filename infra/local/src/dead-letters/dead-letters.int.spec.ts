import { randomBytes } from 'node:crypto';
import { deadLetterJson, ensureTopics, EventProducer, readToEnd } from '@throughline/event-bus';
import type { OutgoingRecord } from '@throughline/event-bus';
import { decodeEvent, defaultBody, encodeEvent, eventKey, eventsTopic, partitionOf } from '@throughline/event-contracts';
import { entryFromEvent, mergeEntry } from '@throughline/outcome-metrics';
import type { Timeline } from '@throughline/outcome-metrics';
import { freshName } from '@throughline/servers';
import { readLetters } from './read-letters.js';
import { planRedrive, redrive } from './redrive.js';

const brokers = (process.env['THROUGHLINE_TEST_KAFKA'] ?? '127.0.0.1:9092').split(',');
const PARTITIONS = 3;

let producer: EventProducer;
let lettersTopic: string;
beforeAll(() => {
  producer = new EventProducer({ brokers });
});
beforeEach(async () => {
  lettersTopic = freshName('dead-letters');
  await ensureTopics({ brokers, topics: [{ name: lettersTopic, partitions: 1, config: {} }] });
});
afterAll(() => producer?.close());

/** As long as a remedy may be, so that what is asked for does not fit one fetch. */
const remedy = 'Give a day. '.repeat(330);
const intake = (record: number, deployment = 'nhs') => ({ topic: lettersTopic, key: null, value: deadLetterJson({ stage: 'intake', deployment, record, code: 'date-invalid', remedy }) });
const from = (first: number, last: number): number[] => Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('the list', () => {
  it('gives the newest in their order, over any number of fetches; fewer where there are fewer', async () => {
    const newest = async (count: number) => (await readLetters({ brokers, newest: count, lettersTopic })).map(({ record }) => record);
    expect(await newest(3)).toEqual([]);
    for (const first of [1, 101, 201, 301, 401, 501]) await producer.publish(from(first, first + 99).map((record) => intake(record)));
    expect(await newest(3)).toEqual([598, 599, 600]);
    expect(await newest(500)).toEqual(from(101, 600));
    expect(await newest(1000)).toEqual(from(1, 600));
  });

  it('is of those that fit', async () => {
    await producer.publish([intake(1), intake(2, 'dwp'), intake(3)]);
    const [first, second, third] = await readLetters({ brokers, lettersTopic });
    const { at, ...told } = first!;
    expect(told).toEqual({ letter: 0, stage: 'intake', deployment: 'nhs', record: 1, code: 'date-invalid', remedy, redriven: false });
    expect(new Date(at).toISOString()).toBe(at);
    expect(await readLetters({ brokers, lettersTopic, filter: { deployment: 'dwp' } })).toEqual([second]);
    expect(await readLetters({ brokers, lettersTopic, filter: { code: 'date-invalid', letter: 2 } })).toEqual([third]);
    expect(await readLetters({ brokers, lettersTopic, filter: { since: new Date(Date.parse(third!.at) + 1).toISOString() } })).toEqual([]);
    expect(await readLetters({ brokers, lettersTopic, filter: { since: third!.at, code: 'date-invalid' } })).toContainEqual(third);
  });

  it('names a topic that is not there', async () => {
    await expect(readLetters({ brokers, lettersTopic: 'no-such-dead-letters' })).rejects.toMatchObject({ code: 'NOT_REACHABLE', message: expect.stringContaining('TOPIC_MISSING') as string });
  });
});

describe('a redrive', () => {
  let topic: string;
  beforeEach(async () => {
    topic = eventsTopic(freshName('redrive'));
    await ensureTopics({ brokers, topics: [{ name: topic, partitions: PARTITIONS, config: { 'message.timestamp.type': 'LogAppendTime' } }] });
  });

  const people = [0, 1, 2, 3].map((first) => Buffer.alloc(16, first + 1));
  /** What is said of one fact of a person's, later with a greater instant. */
  const event = (subject: Buffer, instant: number): OutgoingRecord => {
    const eventId = randomBytes(16);
    const meta = {
      eventId,
      factId: subject,
      subject,
      revision: { instant, sequence: 0 },
      contentHash: eventId.subarray(0, 8),
      change: 'STATED' as const,
      occurredOn: { date: 20_000, precision: 'DAY' as const },
      recordedAt: 0,
      source: { partner: 'p', system: 'rtof', submission: eventId, record: 1 },
      agreementId: 'a',
      programme: null,
      evidence: 'CASE_RECORD' as const,
      place: null,
    };
    return { topic, key: eventKey(subject, eventId), value: encodeEvent('SupportStarted', { meta, ...defaultBody('SupportStarted') }) };
  };
  interface Lying {
    readonly partition: number;
    readonly offset: number;
    readonly timestamp: number;
    readonly key: string;
    readonly value: Buffer | null;
  }
  const lying = async (): Promise<Lying[]> => {
    const found: Lying[] = [];
    await readToEnd({ brokers, topics: [topic], onBatch: ({ partition, records }) => void found.push(...[...records].map(({ offset, timestamp, key, value }) => ({ partition, offset, timestamp, key: key?.toString('hex') ?? '', value: value && Buffer.from(value) }))) });
    return found;
  };
  /** A letter for each record that lies there, as consumers that could not take them would write. */
  const putAside = async (records: readonly Lying[], code = 'UNKNOWN_SCHEMA'): Promise<void> =>
    producer.publish(records.map(({ partition, offset, timestamp }) => ({ topic: lettersTopic, key: null, value: deadLetterJson({ stage: 'outcomes', topic, partition, offset, appendedAt: timestamp, code, remedy: 'Deploy.' }) })));
  const plan = async () => planRedrive(brokers, await readLetters({ brokers, lettersTopic }));
  const instantsOf = (records: readonly Lying[], subject: Buffer): number[] =>
    records.filter(({ key, value }) => value !== null && key.startsWith(subject.toString('hex'))).map(({ value }) => decodeEvent(value!).value.meta.revision.instant);
  /** What stands of each person's fact once outcomes has read all of it. */
  const standing = (records: readonly Lying[]) =>
    people.map((person) => {
      const timeline: Timeline = new Map();
      for (const { key, value } of records) {
        if (value === null || !key.startsWith(person.toString('hex'))) continue;
        const event = decodeEvent(value);
        if (event.type === 'SupportStarted') mergeEntry(timeline, entryFromEvent(event).entry);
      }
      return timeline;
    });
  const noPause = async (): Promise<void> => undefined;

  it('says first what can be done about each record', async () => {
    await producer.publish([event(people[0]!, 1), { topic, partition: 0, key: people[1]!, value: Buffer.from('no event') }, event(people[2]!, 1), { topic, partition: 2, key: people[3]!, value: null }]);
    const records = await lying();
    await putAside(records);
    // Told of twice, for two reasons; of a topic that was made anew; beyond the end of the log; of a topic that was deleted; of a submission.
    const twice = records.find(({ key }) => key.startsWith(people[0]!.toString('hex')))!;
    await putAside([twice], 'TRUNCATED_EVENT');
    await putAside([{ ...twice, timestamp: twice.timestamp - 1 }, { ...twice, offset: 99 }]);
    const deleted = { stage: 'outcomes', topic: eventsTopic(freshName('deleted')), partition: 0, offset: 0, appendedAt: 1, code: 'UNKNOWN_SCHEMA', remedy: 'Deploy.' } as const;
    await producer.publish([{ topic: lettersTopic, key: null, value: deadLetterJson(deleted) }, intake(1)]);
    const { counts, ready } = await plan();
    expect(counts).toEqual({ ready: 2, redriven: 0, unreadable: 1, gone: 4, 'not-in-the-log': 1 });
    expect(new Set(ready.map(({ partition, offset }) => `${partition}/${offset}`)).size).toBe(2);
  });

  it('publishes what is told of one person in the order of the log, where it belongs, and offers none of it again', async () => {
    const sent = from(1, 60).flatMap((instant) => people.map((person) => event(person, instant)));
    await producer.publish(sent);
    // One lay in a partition where nobody would look for it.
    const strayed = event(people[0]!, 61);
    await producer.publish([{ ...strayed, partition: (partitionOf(strayed.key!, PARTITIONS) + 1) % PARTITIONS }]);
    const before = await lying();
    await putAside(before.toReversed());
    const { counts, ready } = await plan();
    expect(counts.ready).toBe(sent.length + 1);
    const waits: number[] = [];
    expect(await redrive({ brokers, ready, perSecond: 50, lettersTopic, pause: async (milliseconds) => void waits.push(milliseconds) })).toBe(ready.length);
    expect(waits).toEqual([1_000, 1_000, 1_000, 1_000]);
    const after = (await lying()).filter(({ partition, offset }) => !before.some((each) => each.partition === partition && each.offset === offset));
    expect(after.map(({ key }) => key).sort()).toEqual(before.map(({ key }) => key).sort());
    for (const { key, partition } of after) expect(partition).toBe(partitionOf(Buffer.from(key, 'hex'), PARTITIONS));
    for (const [index, person] of people.entries()) expect(instantsOf(after, person)).toEqual(from(1, index === 0 ? 61 : 60));
    expect((await plan()).counts).toMatchObject({ ready: 0, redriven: ready.length });
  });

  it('is stopped between two requests, and goes on behind what was published', async () => {
    await producer.publish(from(1, 30).map((instant) => event(people[1]!, instant)));
    const before = await lying();
    await putAside(before);
    const stopping = new AbortController();
    const done = await redrive({ brokers, ready: (await plan()).ready, perSecond: 10, lettersTopic, signal: stopping.signal, pause: async () => stopping.abort() });
    expect(done).toBe(10);
    const { counts, ready } = await plan();
    expect(counts).toMatchObject({ ready: 20, redriven: 10 });
    expect(await redrive({ brokers, ready, perSecond: 10, lettersTopic, pause: noPause })).toBe(20);
    expect(instantsOf((await lying()).slice(30), people[1]!)).toEqual(from(1, 30));
  });

  it('changes no word that was said since', async () => {
    await producer.publish([...from(1, 5).map((instant) => event(people[2]!, instant)), ...people.map((person) => event(person, 3))]);
    await putAside((await lying()).filter(({ key }) => key.startsWith(people[2]!.toString('hex'))));
    await producer.publish([event(people[2]!, 9)]);
    const said = standing(await lying());
    expect(said.map(({ size }) => size)).toEqual([1, 1, 1, 1]);
    expect(await redrive({ brokers, ready: (await plan()).ready, perSecond: 100, lettersTopic, pause: noPause })).toBe(6);
    expect(standing(await lying())).toEqual(said);
  });
});
