import { GenerationKeys, TIMELINE_BUCKETS } from './generation-keys.js';
import { deleteMarks, markEveryone, readMarks } from './marks.js';
import type { Mark } from './marks.js';
import { RecordPacker } from './packed-records.js';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';
import { UNIQUE_ID_LENGTH } from './unique-ids.js';

/** Changes of a partition's buckets that are listed; whoever is further behind reads whole buckets. */
const LISTED_CHANGES = 256;

/** Reading on costs no more than so many bytes at once; reading whole buckets is spread over many reads. */
const MOST_BYTES_READ_ON = 1 << 24;

// KEYS: next, changes, marks. ARGV: prefix of buckets, expected next, new next, id or '', expected change, subjects, entries.
// Entries: bucket (1 byte), length (4), bytes; again. Without an id there are none.
const WRITE = new RedisScript(
  'write a batch of timeline entries',
  `local stored = redis.call('GET', KEYS[1]) or '0'
if stored ~= ARGV[2] then return tonumber(stored) end
local id = ARGV[4]
if id ~= '' then
  if (redis.call('LINDEX', KEYS[2], -1) or '') ~= ARGV[5] then return tonumber(stored) end
  local packed, at = ARGV[7], 1
  while at <= #packed do
    local bucket, length = struct.unpack('>BI4', packed, at)
    redis.call('APPEND', ARGV[1] .. bucket, string.sub(packed, at + 5, at + 4 + length))
    at = at + 5 + length
  end
  redis.call('RPUSH', KEYS[2], id)
  redis.call('LTRIM', KEYS[2], -${LISTED_CHANGES}, -1)
  redis.call('HSET', KEYS[3], id, ARGV[6])
end
redis.call('SET', KEYS[1], ARGV[3])
return -1`,
);

// KEYS: next, changes, bucket. ARGV: expected next, expected change, bytes, the change that this is.
const COMPACT = new RedisScript(
  'compact a timeline bucket',
  `if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] or (redis.call('LINDEX', KEYS[2], -1) or '') ~= ARGV[2] then return 0 end
redis.call('SET', KEYS[3], ARGV[3])
redis.call('RPUSH', KEYS[2], ARGV[4])
redis.call('LTRIM', KEYS[2], -${LISTED_CHANGES}, -1)
return 1`,
);

// KEYS: next, changes. ARGV: prefix of buckets, numbers of those wanted whole (a byte each), the change up to which others are
// held or '', those held: bucket (1 byte), bytes (4); again; the most bytes they may all have grown by.
// Answers next, the last change, what the held ones have grown by (bucket, length, bytes; again) or nil, then the whole ones.
// Before any change a bucket is empty: what it has grown by is all of it.
const READ = new RedisScript(
  'read timeline buckets',
  `local prefix, wanted, held = ARGV[1], ARGV[2], ARGV[4]
local answer = {redis.call('GET', KEYS[1]) or '0', redis.call('LINDEX', KEYS[2], -1) or '', false}
local place = ARGV[3] == '' and -1 or redis.call('LPOS', KEYS[2], ARGV[3], 'RANK', -1)
if place then
  local rewritten = {}
  for _, change in ipairs(redis.call('LRANGE', KEYS[2], place + 1, -1)) do
    if #change > ${UNIQUE_ID_LENGTH} then rewritten[string.byte(change, ${UNIQUE_ID_LENGTH + 1})] = true end
  end
  local grown, size = {}, 0
  for at = 1, #held, 5 do
    local bucket, length = struct.unpack('>BI4', held, at)
    local more = redis.call('STRLEN', prefix .. bucket) - length
    if more >= 0 and not rewritten[bucket] and (ARGV[3] ~= '' or length == 0) then
      size = size + more
      if size > tonumber(ARGV[5]) then
        grown = nil
        break
      end
      grown[#grown + 1] = struct.pack('>BI4', bucket, more)
      if more > 0 then grown[#grown + 1] = redis.call('GETRANGE', prefix .. bucket, length, -1) end
    end
  end
  if grown then answer[3] = table.concat(grown) end
end
for at = 1, #wanted do answer[3 + at] = redis.call('GET', prefix .. string.byte(wanted, at)) or '' end
return answer`,
);

/** All buckets of a partition, by number. */
export const EVERY_TIMELINE_BUCKET: readonly number[] = Array.from({ length: TIMELINE_BUCKETS }, (_, bucket) => bucket);

/** What stands for the last change of a partition whose buckets nobody has changed. */
export const NO_CHANGE = Buffer.alloc(0);

/** Which of its states a partition is in: the buckets hold what the change left, and the log up to `next`. */
export interface PartitionState {
  /** Offset of the first record not yet in the timelines. */
  readonly next: number;
  /**
   * The last change of any bucket, by an id that never repeats. Timelines at one `next` are the same whoever wrote them; the
   * bytes they are stored in are the same only after the same change, since a store put back to an older copy is written on
   * and compacted in other steps.
   */
  readonly lastChange: Buffer;
}

/** Some of a partition's timelines as stored, read in one step. */
export interface StoredPartition extends PartitionState {
  /** Of each bucket asked for the concatenation of its packed entries; several entries of one fact stand in the order they were stored. */
  readonly buckets: readonly Buffer[];
  /** What held buckets have grown by, those that were compacted left out; null: none can be read on. */
  readonly grown: ReadonlyMap<number, Buffer> | null;
}

/** Buckets that somebody has read before, and would read on. */
export interface HeldBuckets {
  /** The state they were in then. */
  readonly lastChange: Buffer;
  /** How many bytes each held in the store. */
  readonly bytes: ReadonlyMap<number, number>;
}

/** What one batch changes. */
export interface PartitionWrite {
  /** The state that the batch was merged into. */
  readonly read: PartitionState;
  readonly next: number;
  /** Null where it changes nothing but the offset. */
  readonly news: PartitionNews | null;
}

export interface PartitionNews {
  /** Of the change, and of the mark that tells of it; never repeats. */
  readonly id: Buffer;
  /** Those with a changed timeline, 16 bytes each. */
  readonly subjects: Buffer;
  /** For each bucket touched: bucket (1 byte), length (4, big-endian), packed entries. */
  readonly entries: Buffer;
}

/** `stored`: it is in. `overtaken`: nothing was written, since somebody else changed the partition, which is at `storedNext`. */
export type WriteResult = { readonly stored: true } | { readonly stored: false; readonly storedNext: number };

/** Timelines, marks and the next offset of partitions of `partner-events`. */
export class PartitionStore {
  readonly #keys: GenerationKeys;

  /** @param mostBytesReadOn what held buckets may have grown by, all together, to be read on; default 16 MB */
  constructor(
    private readonly connection: StoreConnection,
    generation: number,
    private readonly mostBytesReadOn = MOST_BYTES_READ_ON,
  ) {
    this.#keys = new GenerationKeys(generation);
  }

  /**
   * One step, so that neither a batch nor a rewind of the store can come between the offset and the entries.
   * @param buckets to be read whole, by number; default all of them
   * @param held to be read on: whatever was appended to them since
   */
  async load(location: string, buckets: readonly number[] = EVERY_TIMELINE_BUCKET, held: HeldBuckets = { lastChange: NO_CHANGE, bytes: new Map() }): Promise<StoredPartition> {
    const keys = this.#keys.partition(location);
    const lengths = new RecordPacker();
    for (const [bucket, bytes] of held.bytes) lengths.byte(bucket).word(bytes);
    const args = [keys.buckets, Buffer.from(buckets), held.lastChange, lengths.take(), this.mostBytesReadOn];
    const [next, lastChange, grown, ...whole] = (await this.connection.run(READ, [keys.next, keys.changes], args)) as [Buffer, Buffer, Buffer | null, ...Buffer[]];
    // A copy: the answer's memory is not held for its sake.
    return { next: Number(next), lastChange: Buffer.from(lastChange), buckets: whole, grown: grown === null ? null : unpackBuckets(grown) };
  }

  async next(location: string): Promise<number> {
    return Number(((await this.connection.command('GET', this.#keys.partition(location).next)) as Buffer | null) ?? 0);
  }

  /** Entries, mark and offset in one atomic step, only if nobody changed the partition meanwhile. */
  async write(location: string, { read, next, news }: PartitionWrite): Promise<WriteResult> {
    const keys = this.#keys.partition(location);
    const args = [keys.buckets, read.next, next, ...(news === null ? [''] : [news.id, read.lastChange, news.subjects, news.entries])];
    const stored = (await this.connection.run(WRITE, [keys.next, keys.changes, keys.marks], args)) as number;
    return stored === -1 ? { stored: true } : { stored: false, storedNext: stored };
  }

  /**
   * Puts a bucket's entries in force in place of all that were stored.
   * @param read the state in which these entries were in force
   * @param id never repeats
   * @returns the change that this was; null where somebody changed the partition meanwhile: nothing was written.
   */
  async compact(location: string, read: PartitionState, bucket: number, entries: Buffer, id: Buffer): Promise<Buffer | null> {
    const { next, changes, buckets } = this.#keys.partition(location);
    const change = Buffer.concat([id, Buffer.of(bucket)]);
    const done = await this.connection.run(COMPACT, [next, changes, `${buckets}${bucket}`], [read.next, read.lastChange, entries, change]);
    return done === 1 ? change : null;
  }

  marks(location: string): Promise<Mark[]> {
    return readMarks(this.connection, this.#keys.partition(location).marks);
  }

  deleteMarks(location: string, ids: readonly Buffer[]): Promise<void> {
    return deleteMarks(this.connection, this.#keys.partition(location).marks, ids);
  }

  /** Marks every subject of the partition. */
  markEveryone(location: string, id: Buffer): Promise<void> {
    return markEveryone(this.connection, this.#keys.partition(location).marks, id);
  }
}

function unpackBuckets(packed: Buffer): Map<number, Buffer> {
  const buckets = new Map<number, Buffer>();
  for (let at = 0; at < packed.length; ) {
    const end = at + 5 + packed.readUInt32BE(at + 1);
    buckets.set(packed[at]!, packed.subarray(at + 5, end));
    at = end;
  }
  return buckets;
}
