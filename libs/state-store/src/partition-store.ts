import { GenerationKeys, TIMELINE_BUCKETS } from './generation-keys.js';
import { deleteMarks, markEveryone, readMarks } from './marks.js';
import type { Mark } from './marks.js';
import { RedisScript } from './redis-connection.js';
import type { RedisReply, StoreConnection } from './redis-connection.js';

// KEYS: next, marks. ARGV: prefix of buckets, expected next, new next, mark id or '', subjects, entries.
// Entries: bucket (1 byte), length (4), bytes; again.
const WRITE = new RedisScript(
  'write a batch of timeline entries',
  `local stored = redis.call('GET', KEYS[1]) or '0'
if stored ~= ARGV[2] then return tonumber(stored) end
local packed, at = ARGV[6], 1
while at <= #packed do
  local bucket, length = struct.unpack('>BI4', packed, at)
  redis.call('APPEND', ARGV[1] .. bucket, string.sub(packed, at + 5, at + 4 + length))
  at = at + 5 + length
end
if ARGV[4] ~= '' then redis.call('HSET', KEYS[2], ARGV[4], ARGV[5]) end
redis.call('SET', KEYS[1], ARGV[3])
return -1`,
);

// KEYS: next, bucket. ARGV: expected next, bytes. Entries are appended only together with a new next, so an unmoved next
// says that the bucket still holds what was compacted.
const COMPACT = new RedisScript(
  'compact a timeline bucket',
  `if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2])
return 1`,
);

/** All buckets of a partition, by number. */
export const EVERY_TIMELINE_BUCKET: readonly number[] = Array.from({ length: TIMELINE_BUCKETS }, (_, bucket) => bucket);

/** Some of a partition's timelines as stored: those of the log up to `next`, read in one step. */
export interface StoredPartition {
  /** Offset of the first record not yet in the timelines. */
  readonly next: number;
  /** Of each bucket asked for the concatenation of its packed entries; several entries of one fact stand in the order they were stored. */
  readonly buckets: readonly Buffer[];
}

/** What one batch changes. */
export interface PartitionWrite {
  /** The offset at which the state was read that the batch was merged into. */
  readonly expectedNext: number;
  readonly next: number;
  /** For each bucket touched: bucket (1 byte), length (4, big-endian), packed entries. */
  readonly entries: Buffer;
  /** Null where nothing changed. */
  readonly mark: { readonly id: Buffer; readonly subjects: Buffer } | null;
}

/** `stored`: it is in. `overtaken`: nothing was written, since somebody else moved the partition to `storedNext`. */
export type WriteResult = { readonly stored: true } | { readonly stored: false; readonly storedNext: number };

/** Timelines, marks and the next offset of partitions of `partner-events`. */
export class PartitionStore {
  readonly #keys: GenerationKeys;
  constructor(
    private readonly connection: StoreConnection,
    generation: number,
  ) {
    this.#keys = new GenerationKeys(generation);
  }

  /**
   * One command, so that neither a batch nor a rewind of the store can come between the offset and the entries.
   * @param buckets by number; default all of them
   */
  async load(location: string, buckets: readonly number[] = EVERY_TIMELINE_BUCKET): Promise<StoredPartition> {
    const keys = this.#keys.partition(location);
    const names = buckets.map((bucket) => `${keys.buckets}${bucket}`);
    const [offset, ...contents] = (await this.connection.command('MGET', keys.next, ...names)) as (Buffer | null)[];
    return { next: Number(offset ?? 0), buckets: contents.map((content) => content ?? Buffer.alloc(0)) };
  }

  async next(location: string): Promise<number> {
    return Number(((await this.connection.command('GET', this.#keys.partition(location).next)) as Buffer | null) ?? 0);
  }

  /** Entries, mark and offset in one atomic step, only if nobody moved the partition meanwhile. */
  async write(location: string, { expectedNext, next, entries, mark }: PartitionWrite): Promise<WriteResult> {
    const keys = this.#keys.partition(location);
    const args = [keys.buckets, expectedNext, next, mark?.id ?? '', mark?.subjects ?? '', entries];
    const stored = (await this.connection.run(WRITE, [keys.next, keys.marks], args)) as number;
    return stored === -1 ? { stored: true } : { stored: false, storedNext: stored };
  }

  /**
   * Puts a bucket's entries in force in place of all that were stored.
   * @returns false where the partition moved since `expectedNext` was read: nothing was written.
   */
  async compact(location: string, expectedNext: number, bucket: number, entries: Buffer): Promise<boolean> {
    const { next, buckets } = this.#keys.partition(location);
    const done: RedisReply = await this.connection.run(COMPACT, [next, `${buckets}${bucket}`], [expectedNext, entries]);
    return done === 1;
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
