import { GenerationKeys, ID_BYTES } from './generation-keys.js';
import { deleteMarks, readMarks } from './marks.js';
import type { Mark } from './marks.js';
import { RecordPacker, unpackValues } from './packed-records.js';
import { RedisScript } from './redis-connection.js';
import type { StoreConnection } from './redis-connection.js';

// KEYS: stamp, hash. ARGV: fields, each after its length (1 byte). Answers the stamp with the values, in one step: a stamp
// read before or after them could belong to another index if the store was rewound in between.
const READ = new RedisScript(
  'read the link index',
  `local fields, reply, at = {}, {}, 1
while at <= #ARGV[1] do
  local length = string.byte(ARGV[1], at)
  fields[#fields + 1] = string.sub(ARGV[1], at + 1, at + length)
  at = at + 1 + length
end
for first = 1, #fields, 1000 do
  local values = redis.call('HMGET', KEYS[2], unpack(fields, first, math.min(first + 999, #fields)))
  for index = 1, #values do
    local value = values[index] or ''
    reply[#reply + 1] = struct.pack('>I4', #value) .. value
  end
end
return {redis.call('GET', KEYS[1]) or '', table.concat(reply)}`,
);

// KEYS: participant, subject. ARGV: for each, participant (16) and root (16, zero: not known). Answers per participant a
// length and: its members where the index has it; else, where the root is known and no subject of the index, nothing but
// length 2^32 - 1: nobody was ever linked to it, it is its own participant.
const MEMBERS = new RedisScript(
  'read the subjects of participants',
  `local ids, roots, reply = {}, {}, {}
for at = 1, #ARGV[1], 32 do
  ids[#ids + 1] = string.sub(ARGV[1], at, at + 15)
  roots[#roots + 1] = string.sub(ARGV[1], at + 16, at + 31)
end
local none = string.rep('\\0', 16)
for first = 1, #ids, 1000 do
  local values = redis.call('HMGET', KEYS[1], unpack(ids, first, math.min(first + 999, #ids)))
  for index = 1, #values do
    local value, root = values[index], roots[first + index - 1]
    if value then reply[#reply + 1] = struct.pack('>I4', #value) .. value
    elseif root ~= none and redis.call('HEXISTS', KEYS[2], root) == 0 then reply[#reply + 1] = '\\255\\255\\255\\255'
    else reply[#reply + 1] = '\\0\\0\\0\\0' end
  end
end
return table.concat(reply)`,
);

// KEYS: stamp, next, marks, identity, token, subject, participant, conflict, decision. ARGV: expected stamp, new stamp, partition, expected
// next, new next, mark id or '', roots, changes (hash 1 byte: 4 to 9, field length 1, field, value length 4 or 2^32 - 1 to
// delete, value).
const WRITE = new RedisScript(
  'write the link index',
  `if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then return 0 end
if (redis.call('HGET', KEYS[2], ARGV[3]) or '0') ~= ARGV[4] then return 0 end
local packed, at = ARGV[8], 1
while at <= #packed do
  local hash, width = string.byte(packed, at, at + 1)
  local field = string.sub(packed, at + 2, at + 1 + width)
  local length = struct.unpack('>I4', packed, at + 2 + width)
  at = at + 6 + width
  if length == 4294967295 then redis.call('HDEL', KEYS[hash], field)
  else
    redis.call('HSET', KEYS[hash], field, string.sub(packed, at, at + length - 1))
    at = at + length
  end
end
if ARGV[6] ~= '' then redis.call('HSET', KEYS[3], ARGV[6], ARGV[7]) end
redis.call('HSET', KEYS[2], ARGV[3], ARGV[5])
redis.call('SET', KEYS[1], ARGV[2])
return 1`,
);

// KEYS: keys, stamp. ARGV: names. What was written before any was noted was built by none.
const FIX_KEYS = new RedisScript(
  'fix the keys of the link index',
  `local known = redis.call('GET', KEYS[1])
if known then return known end
local names = ARGV[1]
if redis.call('EXISTS', KEYS[2]) == 1 then names = '' end
redis.call('SET', KEYS[1], names)
return names`,
);

/** Hashes of the index, and their place among the write script's keys. */
const HASHES = { identity: 4, token: 5, subject: 6, participant: 7, conflict: 8, decision: 9 } as const;
export type LinkHash = keyof typeof HASHES;

const ABSENT = 0xffff_ffff;
const UNKNOWN_ROOT = Buffer.alloc(ID_BYTES);

/** A subject of a participant, and the deployments on whose topics it was named. */
export interface Member {
  readonly subject: Buffer;
  readonly deployments: readonly string[];
}

/** What the index says of a participant. */
export type Membership =
  /** These subjects; none: it was somebody, and everybody moved on. */
  | { readonly known: true; readonly members: readonly Member[] }
  /** The index has never heard of its root: it is a participant of one subject. */
  | { readonly known: false };

/** A field to set, or to delete where the value is null. */
export interface LinkChange {
  readonly hash: LinkHash;
  readonly field: Buffer;
  readonly value: Buffer | null;
}

/** What one batch changes. */
export interface LinkWrite {
  /** Stamp that every read for this write carried; null: the index was empty. */
  readonly expectedStamp: Buffer | null;
  readonly stamp: Buffer;
  /** Location of a partition of `subject-identifiers` or of `link-decisions`. */
  readonly partition: string;
  readonly expectedNext: number;
  readonly next: number;
  readonly changes: readonly LinkChange[];
  /** Roots of the participants that lost or gained a subject; null: none. */
  readonly mark: { readonly id: Buffer; readonly roots: Buffer } | null;
}

/**
 * Who is who: identifiers in force by subject, subjects by token, participant by subject, subjects by participant, what
 * operators decided by subject, participants that people have to look at, the offsets read, and the marks of whoever changed. One tag, so one node. Values are packed by whoever links.
 */
export class LinkIndex {
  readonly #keys: GenerationKeys;
  readonly #packer = new RecordPacker();
  constructor(
    private readonly connection: StoreConnection,
    generation: number,
  ) {
    this.#keys = new GenerationKeys(generation);
  }

  /**
   * Notes by which rotated keys the index is built, unless that is noted; asked before anything is written.
   * @returns the names that are noted; none for an index from before any were.
   */
  async fixKeys(names: string): Promise<string> {
    return String(await this.connection.run(FIX_KEYS, [this.#keys.link('keys'), this.#keys.link('stamp')], [names]));
  }

  /** Stamp (null: nothing was written yet) and values (null: absent) as they were at one moment. */
  async read(hash: LinkHash, fields: readonly Buffer[]): Promise<{ readonly stamp: Buffer | null; readonly values: (Buffer | null)[] }> {
    for (const field of fields) this.#packer.byte(field.length).bytes(field);
    const [stamp, packed] = (await this.connection.run(READ, [this.#keys.link('stamp'), this.#keys.link(hash)], [this.#packer.take()])) as [
      Buffer,
      Buffer,
    ];
    return { stamp: stamp.length === 0 ? null : stamp, values: unpackValues(packed).map((value) => (value.length === 0 ? null : value)) };
  }

  /**
   * Participant of each subject; null: not in the index.
   * @param subjects 16 bytes each, one after the other; at most a few thousand
   */
  async participantsOf(subjects: Buffer): Promise<(Buffer | null)[]> {
    const fields: Buffer[] = [];
    for (let at = 0; at < subjects.length; at += ID_BYTES) fields.push(subjects.subarray(at, at + ID_BYTES));
    return (await this.read('subject', fields)).values;
  }

  /** @param participants with the root by which each is known, if it is. */
  async membersOf(participants: readonly { readonly participant: Buffer; readonly root: Buffer | null }[]): Promise<Membership[]> {
    for (const { participant, root } of participants) this.#packer.bytes(participant).bytes(root ?? UNKNOWN_ROOT);
    const keys = [this.#keys.link('participant'), this.#keys.link('subject')];
    const packed = (await this.connection.run(MEMBERS, keys, [this.#packer.take()])) as Buffer;
    const memberships: Membership[] = [];
    for (let at = 0; at < packed.length; ) {
      const length = packed.readUInt32BE(at);
      at += 4;
      if (length === ABSENT) memberships.push({ known: false });
      else {
        memberships.push({ known: true, members: unpackMembers(packed.subarray(at, at + length)) });
        at += length;
      }
    }
    return memberships;
  }

  /** Next offset of every partition read so far, by location. */
  async nextOffsets(): Promise<Map<string, number>> {
    const reply = (await this.connection.command('HGETALL', this.#keys.link('next'))) as Buffer[];
    const offsets = new Map<string, number>();
    for (let at = 0; at + 1 < reply.length; at += 2) offsets.set(String(reply[at]), Number(String(reply[at + 1])));
    return offsets;
  }

  async next(partition: string): Promise<number> {
    return Number(((await this.connection.command('HGET', this.#keys.link('next'), partition)) as Buffer | null) ?? 0);
  }

  /** All in one step; false where the index or the partition moved since it was read: nothing was written. */
  async write({ expectedStamp, stamp, partition, expectedNext, next, changes, mark }: LinkWrite): Promise<boolean> {
    for (const { hash, field, value } of changes) {
      this.#packer.byte(HASHES[hash]).byte(field.length).bytes(field).word(value?.length ?? ABSENT);
      if (value !== null) this.#packer.bytes(value);
    }
    const keys = (['stamp', 'next', 'marks', 'identity', 'token', 'subject', 'participant', 'conflict', 'decision'] as const).map((part) => this.#keys.link(part));
    const args = [expectedStamp ?? '', stamp, partition, expectedNext, next, mark?.id ?? '', mark?.roots ?? '', this.#packer.take()];
    return (await this.connection.run(WRITE, keys, args)) === 1;
  }

  marks(): Promise<Mark[]> {
    return readMarks(this.connection, this.#keys.link('marks'));
  }

  deleteMarks(ids: readonly Buffer[]): Promise<void> {
    return deleteMarks(this.connection, this.#keys.link('marks'), ids);
  }

  /** Fields there are in one hash. */
  async size(hash: LinkHash): Promise<number> {
    return (await this.connection.command('HLEN', this.#keys.link(hash))) as number;
  }

  /** Everything of one hash, for comparing an index with one that was rebuilt. Operators and tests only: it reads tokens. */
  async dump(hash: LinkHash): Promise<Map<string, string>> {
    const reply = (await this.connection.command('HGETALL', this.#keys.link(hash))) as Buffer[];
    const all = new Map<string, string>();
    for (let at = 0; at + 1 < reply.length; at += 2) all.set(reply[at]!.toString('hex'), reply[at + 1]!.toString('hex'));
    return all;
  }
}

/** Packs a participant's subjects: 16 bytes, number of deployments, each after its length. */
export function packMembers(members: readonly Member[]): Buffer {
  const packer = new RecordPacker();
  for (const { subject, deployments } of members) {
    packer.bytes(subject).byte(deployments.length);
    for (const deployment of deployments) packer.byte(deployment.length).bytes(Buffer.from(deployment, 'latin1'));
  }
  return packer.take();
}

function unpackMembers(packed: Buffer): Member[] {
  const members: Member[] = [];
  for (let at = 0; at < packed.length; ) {
    const subject = packed.subarray(at, at + ID_BYTES);
    const deployments: string[] = [];
    let count = packed[at + ID_BYTES] ?? 0;
    at += ID_BYTES + 1;
    for (; count > 0; count -= 1) {
      const length = packed[at] ?? 0;
      deployments.push(packed.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    members.push({ subject, deployments });
  }
  return members;
}
