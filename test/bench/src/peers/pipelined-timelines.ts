// A good engineer's afternoon: kafkajs eachBatch and pipelined Redis. Facts are merged by a script that also marks the participant;
// marked participants are counted anew from all their subjects, and written by a script that sees whether anything moved
// meanwhile. A crash anywhere leaves marks, and the first thing a process does is to see to them.
// Words: brokers, group, number of records, topics separated by commas, URL of Redis, file of who is who.
import { Redis } from 'ioredis';
import kafkajs from 'kafkajs';
import { say } from '../process/contender.js';
import { cellsOf, countedFact, readLinks } from './counted-facts.js';

const [brokers = '', groupId = '', records = '', topics = '', redisUrl = '', linksFile = ''] = process.argv.slice(2);
const expected = Number(records);
const { participantOf, subjectsOf } = readLinks(linksFile);

const MERGE = `
local known = redis.call('HGET', KEYS[1], ARGV[1])
if known and known >= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('HINCRBY', 'marks', ARGV[3], 1)
return 1`;
// The mark is the version: it is taken away only if it is still the one that was read before the facts were.
const COUNT = `
if redis.call('HGET', 'marks', ARGV[1]) ~= ARGV[2] then return 0 end
local before = redis.call('GET', KEYS[1])
local change = {}
if before then for cell, count in pairs(cjson.decode(before)) do change[cell] = -count end end
for cell, count in pairs(cjson.decode(ARGV[3])) do change[cell] = (change[cell] or 0) + count end
for cell, count in pairs(change) do if count ~= 0 then redis.call('HINCRBY', 'cells', cell, count) end end
redis.call('SET', KEYS[1], ARGV[3])
redis.call('HDEL', 'marks', ARGV[1])
return 1`;

declare module 'ioredis' {
  interface ChainableCommander {
    mergeFact(subject: string, fact: string, word: string, participant: string): ChainableCommander;
    countParticipant(key: string, participant: string, mark: string, cells: string): ChainableCommander;
  }
}
const redis = new Redis(redisUrl);
redis.defineCommand('mergeFact', { numberOfKeys: 1, lua: MERGE });
redis.defineCommand('countParticipant', { numberOfKeys: 1, lua: COUNT });

async function all<T>(pipeline: ReturnType<Redis['pipeline']>): Promise<T[]> {
  return ((await pipeline.exec()) ?? []).map(([error, result]) => {
    if (error !== null) throw error;
    return result as T;
  });
}

async function merge(values: readonly Buffer[]): Promise<Set<string>> {
  const pipeline = redis.pipeline();
  const participants: string[] = [];
  for (const value of values) {
    const { subject, fact, revision, item } = countedFact(value);
    const participant = participantOf.get(subject)!;
    participants.push(participant);
    pipeline.mergeFact(`s:${subject}`, fact, `${revision} ${item ?? ''}`, participant);
  }
  const changed = await all<number>(pipeline);
  return new Set(participants.filter((_, i) => changed[i] === 1));
}

async function count(marked: Iterable<string>): Promise<void> {
  let waiting = [...marked];
  while (waiting.length > 0) {
    const marks = await redis.hmget('marks', ...waiting);
    const pipeline = redis.pipeline();
    for (const participant of waiting) for (const subject of subjectsOf.get(participant)!) pipeline.hvals(`s:${subject}`);
    const timelines = await all<string[]>(pipeline);
    const writing = redis.pipeline();
    const written: string[] = [];
    let at = 0;
    for (const [i, participant] of waiting.entries()) {
      const words = subjectsOf.get(participant)!.flatMap(() => timelines[at++]!);
      const mark = marks[i];
      // Nobody's any more: somebody else counted what this batch marked.
      if (mark === null || mark === undefined) continue;
      const items = words.map((word) => word.slice(word.indexOf(' ') + 1)).filter((item) => item !== '');
      writing.countParticipant(`p:${participant}`, participant, mark, JSON.stringify(Object.fromEntries(cellsOf(items))));
      written.push(participant);
    }
    const stored = await all<number>(writing);
    waiting = written.filter((_, i) => stored[i] === 0);
  }
}

await count(Object.keys(await redis.hgetall('marks')));
const consumer = new kafkajs.Kafka({ brokers: brokers.split(','), clientId: 'pipelined-timelines', logLevel: kafkajs.logLevel.ERROR }).consumer({
  groupId,
  maxWaitTimeInMs: 50,
});
let handled = 0;
await consumer.connect();
await consumer.subscribe({ topics: topics.split(','), fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: 4,
  eachBatch: async ({ batch }) => {
    await count(await merge(batch.messages.flatMap(({ value }) => value ?? [])));
    const before = handled;
    handled += batch.messages.length;
    if (handled * 2 >= expected && before * 2 < expected) say({ event: 'half' });
    if (handled === expected) say({ event: 'done' });
  },
});
