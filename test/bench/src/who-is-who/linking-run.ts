// Has linkage's own code take so many subjects into an empty link index, and says at each size what it cost.
// Words: Redis's address, its process, sizes in subjects separated by commas.
import { linkClosure } from '@throughline/identity';
import type { SubjectIdentifier } from '@throughline/event-contracts';
import { Linker, readIdentifierMessage } from '@throughline/linkage/testing';
import { LinkIndex, RedisConnection, UniqueIds } from '@throughline/state-store';
import { say } from '../process/contender.js';
import { cpuSecondsOf } from '../process/machine.js';
import { redisBytes } from '../process/redis-memory.js';
import { PARTITIONS, toldOf } from './told-identifiers.js';
import type { ToldWord } from './told-identifiers.js';

const [url = '', redisPid = '', sizes = ''] = process.argv.slice(2);
const PLATFORM_KEY = Buffer.alloc(32, 'platform');
/** Words in a batch, as linkage takes them. */
const BATCH = 250;
/** People whose words are made, untimed, before they are linked. */
const BLOCK = 2_000;

const connection = new RedisConnection({ url, commandTimeoutMs: 120_000 });
const index = new LinkIndex(connection, 1);
const ids = new UniqueIds();
const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId: () => ids.next() });
const offsets = new Map<string, number>();
const spent = { seconds: 0, cpuSeconds: 0, redisSeconds: 0 };
const emptyBytes = await redisBytes(url);

/** Takes words in, those of a partition in their order, in batches. */
async function link(words: readonly ToldWord[]): Promise<void> {
  const partitions = [...Map.groupBy(words, ({ deployment, partition }) => `${deployment}.${partition}`)];
  const before = [performance.now(), process.cpuUsage(), cpuSecondsOf(Number(redisPid))] as const;
  for (const [partition, told] of partitions) {
    for (let at = 0; at < told.length; at += BATCH) {
      const batch = told.slice(at, at + BATCH);
      const firstOffset = offsets.get(partition) ?? 0;
      const nextOffset = firstOffset + batch.length;
      const messages = batch.map(({ value, partition: number }) => readIdentifierMessage(value, { partition: number, partitionCount: PARTITIONS }));
      const { outcome } = await linker.link({ deployment: batch[0]!.deployment, partition, firstOffset, nextOffset, messages });
      if (outcome !== 'linked') throw new Error(`A batch of ${partition} was ${outcome}, with nobody else at work.`);
      offsets.set(partition, nextOffset);
    }
  }
  const { user, system } = process.cpuUsage(before[1]);
  spent.seconds += (performance.now() - before[0]) / 1_000;
  spent.cpuSeconds += (user + system) / 1e6;
  spent.redisSeconds += cpuSecondsOf(Number(redisPid)) - before[2];
  // As outcomes does once it has counted whoever changed.
  await index.deleteMarks((await index.marks()).map(({ id }) => id));
}

/** Memory of each of the index's hashes, by its name. */
async function bytesOfHashes(): Promise<Record<string, number>> {
  const bytes: Record<string, number> = {};
  for await (const names of connection.keys('*{link}:*')) {
    for (const name of names) bytes[String(name).replace(/^.*:/, '')] = (await connection.command('MEMORY', 'USAGE', name, 'SAMPLES', 0)) as number;
  }
  return bytes;
}

let subjects = 0;
let person = 0;
/** In force; forgotten once the first size was compared with them. */
let known: Map<string, { readonly subject: Buffer; readonly identifiers: readonly SubjectIdentifier[] }> | undefined = new Map();
for (const size of sizes.split(',').map(Number)) {
  while (subjects < size) {
    const told = Array.from({ length: BLOCK }, () => toldOf(person++));
    const first = told.flatMap((each) => each.first);
    const corrections = told.flatMap((each) => each.corrections);
    for (const word of [...first, ...corrections]) known?.set(word.subject.toString('latin1'), word);
    await link(first);
    await link(corrections);
    subjects += first.length;
  }
  const participants = await index.size('participant');
  if (known !== undefined) {
    const expected = linkClosure([...known.values()]).length;
    if (participants !== expected) throw new Error(`The index holds ${participants} participants, and who is linked at once makes ${expected}.`);
    known = undefined;
  }
  say({ event: 'size', size, subjects, participants, ...spent, redisBytes: (await redisBytes(url)) - emptyBytes, hashes: await bytesOfHashes() });
}
await connection.close();
