import { GenerationKeys, ID_BYTES } from './generation-keys.js';
import { deleteMarks, markEveryone, readMarksOf } from './marks.js';
import { RecordPacker, unpackValues } from './packed-records.js';
import { RedisScript } from './redis-connection.js';
import type { RedisReply, StoreConnection } from './redis-connection.js';
import { UNIQUE_ID_LENGTH } from './unique-ids.js';

// KEYS: participants. ARGV: participants of 16 bytes, the record of one that was never written.
const READ = new RedisScript(
  'read participants',
  `local fields, reply = {}, {}
for at = 1, #ARGV[1], 16 do fields[#fields + 1] = string.sub(ARGV[1], at, at + 15) end
for first = 1, #fields, 1000 do
  local values, begun = redis.call('HMGET', KEYS[1], unpack(fields, first, math.min(first + 999, #fields))), {}
  for index = 1, #values do
    local value = values[index]
    if not value then
      value = ARGV[2]
      begun[#begun + 1], begun[#begun + 2] = fields[first + index - 1], value
    end
    reply[#reply + 1] = struct.pack('>I4', #value) .. value
  end
  if #begun > 0 then redis.call('HSET', KEYS[1], unpack(begun)) end
end
return table.concat(reply)`,
);

// KEYS: participants, cells. ARGV: version and record of each participant (id 16, expected version 12, length 4, record),
// differences (length 2, cell, difference 4). All versions are compared before anything is written: half a bucket written
// would be half a reconciliation left behind.
const WRITE = new RedisScript(
  'write participants and cells',
  `local packed, at, lost = ARGV[1], 1, {}
local fields, expected, records = {}, {}, {}
while at <= #packed do
  local id, version, length = struct.unpack('>c16c12I4', packed, at)
  fields[#fields + 1], expected[#expected + 1] = id, version
  records[#records + 1] = string.sub(packed, at + 32, at + 31 + length)
  at = at + 32 + length
end
for first = 1, #fields, 1000 do
  local values = redis.call('HMGET', KEYS[1], unpack(fields, first, math.min(first + 999, #fields)))
  for index = 1, #values do
    local value = values[index]
    if not value or string.sub(value, 1, 12) ~= expected[first + index - 1] then
      lost[#lost + 1] = struct.pack('>I4', first + index - 2)
    end
  end
end
if #lost > 0 then return table.concat(lost) end
local pairs = {}
for index = 1, #fields do
  pairs[#pairs + 1], pairs[#pairs + 2] = fields[index], records[index]
  if #pairs == 1000 or index == #fields then
    redis.call('HSET', KEYS[1], unpack(pairs))
    pairs = {}
  end
end
packed, at = ARGV[2], 1
while at <= #packed do
  local length = struct.unpack('>I2', packed, at)
  local cell, difference = struct.unpack('>c' .. length .. 'i4', packed, at + 2)
  if redis.call('HINCRBY', KEYS[2], cell, difference) == 0 then redis.call('HDEL', KEYS[2], cell) end
  at = at + 6 + length
end
return ''`,
);

const NO_ROOT = Buffer.alloc(ID_BYTES);
const RECORD_HEAD = UNIQUE_ID_LENGTH + ID_BYTES;

/** A participant as stored. */
export interface StoredParticipant {
  /** 12 bytes. A participant never written gets its first version when it is first read: "absent" would come back after a rewind. */
  readonly version: Buffer;
  /** Least subject it was computed from; null while it never had one. */
  readonly root: Buffer | null;
  /** As packed by whoever wrote it; empty: counts for nothing. */
  readonly contributions: Buffer;
}

/** What a participant counts for now. */
export interface ParticipantWrite {
  readonly participant: Buffer;
  /** The version under which it was read, before anything else of it was. */
  readonly expectedVersion: Buffer;
  /** New also where the figures stay as they are: an older computation under way must not find its version unmoved. */
  readonly version: Buffer;
  readonly root: Buffer | null;
  readonly contributions: Buffer;
}

/** A participant, and the subject by which it is known if the index has never heard of it. */
export interface KnownParticipant {
  /** 16 bytes. */
  readonly participant: Buffer;
  /** 16 bytes; null: not known. */
  readonly root: Buffer | null;
}

/** Participants of a bucket are to be computed anew. */
export interface BucketMark {
  /** Never repeats. */
  readonly id: Buffer;
  /** As {@link packParticipants} packs them, handed over by whoever found them marked; null: everyone of the bucket. */
  readonly participants: Buffer | null;
}

/** Participants' versions and contributions, and the cells they add up to, in 24 buckets. */
export class ParticipantStore {
  readonly #keys: GenerationKeys;
  readonly #packer = new RecordPacker();
  constructor(
    private readonly connection: StoreConnection,
    generation: number,
  ) {
    this.#keys = new GenerationKeys(generation);
  }

  /**
   * @param participants of this bucket, 16 bytes each, one after the other; at most a few thousand, so that a script stays short
   * @param firstVersion 12 bytes that never were a version
   * @returns in the same order
   */
  async read(bucket: number, participants: Buffer, firstVersion: Buffer): Promise<StoredParticipant[]> {
    const absent = Buffer.concat([firstVersion, NO_ROOT]);
    const reply = (await this.connection.run(READ, [this.#keys.bucket(bucket).participants], [participants, absent])) as Buffer;
    return unpackValues(reply).map(readRecord);
  }

  /**
   * Writes all of them and the cell differences in one step, or none.
   * @returns indexes of those whose version has moved; empty: all is written
   */
  async write(bucket: number, writes: readonly ParticipantWrite[], differences: ReadonlyMap<string, number>): Promise<number[]> {
    const { participants, cells } = this.#keys.bucket(bucket);
    const packer = this.#packer;
    for (const { participant, expectedVersion, version, root, contributions } of writes) {
      packer.bytes(participant).bytes(expectedVersion).word(RECORD_HEAD + contributions.length);
      packer.bytes(version).bytes(root ?? NO_ROOT).bytes(contributions);
    }
    const records = packer.take();
    for (const [cell, difference] of differences) {
      const name = Buffer.from(cell, 'utf8');
      packer.byte(name.length >>> 8).byte(name.length & 0xff).bytes(name).integer(difference);
    }
    const lost = (await this.connection.run(WRITE, [participants, cells], [records, packer.take()])) as Buffer;
    return Array.from({ length: lost.length / 4 }, (_, index) => lost.readUInt32BE(index * 4));
  }

  /** Exact cells of one bucket; a cell of the generation is the sum over all buckets. */
  async cells(bucket: number): Promise<Map<string, number>> {
    const reply = (await this.connection.command('HGETALL', this.#keys.bucket(bucket).cells)) as Buffer[];
    const cells = new Map<string, number>();
    for (let at = 0; at + 1 < reply.length; at += 2) cells.set(String(reply[at]), Number(String(reply[at + 1])));
    return cells;
  }

  /** Participants ever read in this bucket, those that count for nothing included. */
  async count(bucket: number): Promise<number> {
    return (await this.connection.command('HLEN', this.#keys.bucket(bucket).participants)) as number;
  }

  /** Every participant of the bucket that has a root, in pages: what a mark for everyone leads to. */
  async *everyone(bucket: number): AsyncGenerator<(KnownParticipant & { readonly root: Buffer })[]> {
    let cursor = '0';
    do {
      const reply: RedisReply = await this.connection.command('HSCAN', this.#keys.bucket(bucket).participants, cursor, 'COUNT', 1_000);
      const [position, fields] = reply as [Buffer, Buffer[]];
      cursor = String(position);
      const page: { participant: Buffer; root: Buffer }[] = [];
      for (let at = 0; at + 1 < fields.length; at += 2) {
        const { root } = readRecord(fields[at + 1]!);
        if (root !== null) page.push({ participant: fields[at]!, root });
      }
      if (page.length > 0) yield page;
    } while (cursor !== '0');
  }

  /** @param isWanted the others are not read: what a mark leads to may be megabytes */
  async marks(bucket: number, isWanted: (id: Buffer) => boolean = () => true): Promise<BucketMark[]> {
    const marks = await readMarksOf(this.connection, this.#keys.bucket(bucket).marks, (await this.markIds(bucket)).filter(isWanted));
    return marks.map(({ id, subjects }) => ({ id, participants: subjects }));
  }

  /** Ids of the bucket's marks, without what they lead to. */
  async markIds(bucket: number): Promise<Buffer[]> {
    return (await this.connection.command('HKEYS', this.#keys.bucket(bucket).marks)) as Buffer[];
  }

  /** Marks some participants of the bucket. @param participants as {@link packParticipants} packs them */
  async mark(bucket: number, id: Buffer, participants: Buffer): Promise<void> {
    await this.connection.command('HSET', this.#keys.bucket(bucket).marks, id, participants);
  }

  deleteMarks(bucket: number, ids: readonly Buffer[]): Promise<void> {
    return deleteMarks(this.connection, this.#keys.bucket(bucket).marks, ids);
  }

  /** Marks every participant of the bucket. */
  markEveryone(bucket: number, id: Buffer): Promise<void> {
    return markEveryone(this.connection, this.#keys.bucket(bucket).marks, id);
  }
}

/** Packs whom a mark of a bucket leads to: participant and root, 16 bytes each; zeros: the root is not known. */
export function packParticipants(participants: Iterable<KnownParticipant>): Buffer {
  const packer = new RecordPacker();
  for (const { participant, root } of participants) packer.bytes(participant).bytes(root ?? NO_ROOT);
  return packer.take();
}

export function* unpackParticipants(packed: Buffer): Generator<KnownParticipant> {
  for (let at = 0; at + 2 * ID_BYTES <= packed.length; at += 2 * ID_BYTES) {
    const root = packed.subarray(at + ID_BYTES, at + 2 * ID_BYTES);
    yield { participant: packed.subarray(at, at + ID_BYTES), root: root.equals(NO_ROOT) ? null : root };
  }
}

function readRecord(record: Buffer): StoredParticipant {
  const root = record.subarray(UNIQUE_ID_LENGTH, RECORD_HEAD);
  return {
    version: record.subarray(0, UNIQUE_ID_LENGTH),
    root: root.equals(NO_ROOT) ? null : root,
    contributions: record.subarray(RECORD_HEAD),
  };
}
