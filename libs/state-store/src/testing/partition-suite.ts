import { NO_CHANGE, PartitionStore, RecordPacker, UniqueIds } from '../index.js';
import type { HeldBuckets, StoreConnection } from '../index.js';

const ids = new UniqueIds();
const BYTES = Buffer.from([0, 255, 10, 13]);
const SUBJECT = Buffer.from('00ff'.repeat(8), 'hex');

/** The same bytes appended to buckets 3 and 63. */
const twice = (bytes: Buffer) => {
  const packer = new RecordPacker();
  for (const bucket of [3, 63]) packer.byte(bucket).word(bytes.length).bytes(bytes);
  return packer.take();
};

/** What a partition's store is held to. @param place a server, and a generation that nobody else uses, another in each test */
export function partitionSuite(place: () => { readonly redis: StoreConnection; readonly generation: number }): void {
  let store: PartitionStore;
  beforeEach(() => {
    store = new PartitionStore(place().redis, place().generation);
  });
  /** What a batch changes whose entries and subject are this text. */
  const news = (text: string) => ({ id: ids.next(), subjects: Buffer.alloc(16, text), entries: twice(Buffer.from(text)) });
  const stateOf = () => store.load('nhs.7', []);
  const write = async (expectedNext: number, next: number, text: string) =>
    store.write('nhs.7', { read: { ...(await stateOf()), next: expectedNext }, next, news: news(text) });

  it('begins at offset 0, empty', async () => {
    expect(await store.next('nhs.7')).toBe(0);
    const { next, lastChange, buckets } = await store.load('nhs.7');
    expect([next, lastChange, buckets.length, Buffer.concat(buckets).length]).toEqual([0, NO_CHANGE, 64, 0]);
  });

  it('takes entries, a mark and the next offset together, bytes untouched', async () => {
    const id = ids.next();
    expect(await store.write('nhs.7', { read: await stateOf(), next: 10, news: { id, subjects: SUBJECT, entries: twice(BYTES) } })).toEqual({ stored: true });
    expect(await write(10, 25, 'b')).toEqual({ stored: true });
    const { next, buckets } = await store.load('nhs.7');
    expect(next).toBe(25);
    expect(buckets[3]).toEqual(Buffer.concat([BYTES, Buffer.from('b')]));
    expect(buckets[63]).toEqual(buckets[3]);
    expect((await store.marks('nhs.7')).find((mark) => mark.id.equals(id))!.subjects).toEqual(SUBJECT);
  });

  it('moves on over a batch that changes nothing, as the state that it was', async () => {
    await write(0, 10, 'a');
    const before = await store.load('nhs.7');
    expect(await store.write('nhs.7', { read: before, next: 25, news: null })).toEqual({ stored: true });
    expect(await store.load('nhs.7')).toEqual({ ...before, next: 25 });
    expect(await store.marks('nhs.7')).toHaveLength(1);
  });

  it('writes nothing for one who read it at another offset, and says where it stands', async () => {
    await write(0, 10, 'a');
    expect(await write(0, 12, 'z')).toEqual({ stored: false, storedNext: 10 });
    const { next, buckets } = await store.load('nhs.7');
    expect([next, String(buckets[3]), (await store.marks('nhs.7')).length]).toEqual([10, 'a', 1]);
  });

  it('writes nothing for one who read other bytes at the same offset', async () => {
    const read = await stateOf();
    await write(0, 10, 'a');
    const stranger = { next: 10, lastChange: ids.next() };
    expect(await store.write('nhs.7', { read: stranger, next: 12, news: news('z') })).toEqual({ stored: false, storedNext: 10 });
    expect(await store.write('nhs.7', { read: { ...read, next: 10 }, next: 12, news: news('z') })).toEqual({ stored: false, storedNext: 10 });
    expect(await store.compact('nhs.7', stranger, 3, Buffer.from('z'), ids.next())).toBeNull();
    const { next, buckets } = await store.load('nhs.7');
    expect([next, String(buckets[3]), (await store.marks('nhs.7')).length]).toEqual([10, 'a', 1]);
  });

  it('lets one of two through who write at once', async () => {
    const results = await Promise.all([write(0, 5, 'a'), write(0, 5, 'a')]);
    expect(results.filter(({ stored }) => stored)).toHaveLength(1);
    expect(String((await store.load('nhs.7')).buckets[3])).toBe('a');
  });

  it('compacts a bucket only while nobody moves the partition', async () => {
    await write(0, 10, 'aa');
    const read = await stateOf();
    expect(await store.compact('nhs.7', { ...read, next: 9 }, 3, Buffer.from('late'), ids.next())).toBeNull();
    const lastChange = await store.compact('nhs.7', read, 3, Buffer.from('a'), ids.next());
    const { buckets, ...state } = await store.load('nhs.7');
    expect([String(buckets[3]), String(buckets[63]), state]).toEqual(['a', 'aa', { next: 10, lastChange, grown: new Map() }]);
    expect(await store.write('nhs.7', { read, next: 11, news: news('z') })).toEqual({ stored: false, storedNext: 10 });
  });

  describe('is read on', () => {
    /** As somebody holds it who has read these buckets now. */
    const held = async (...buckets: number[]): Promise<HeldBuckets> => {
      const stored = await store.load('nhs.7', buckets);
      return { lastChange: stored.lastChange, bytes: new Map(buckets.map((bucket, at) => [bucket, stored.buckets[at]!.length])) };
    };
    /** What the held buckets have grown by, as text; null: none can be read on. */
    const grown = async (reader: HeldBuckets, wanted: readonly number[] = []) => {
      const stored = await store.load('nhs.7', wanted, reader);
      return stored.grown === null ? null : [...stored.grown].map(([bucket, bytes]) => [bucket, String(bytes)]);
    };
    /** Puts the partition back to where it was, as a store restored from an older copy. */
    const copied = async () => {
      const { redis, generation } = place();
      const tag = `g${generation}:{nhs.7}:`;
      const texts = ['next', 'b:3', 'b:63'];
      const values = await Promise.all(texts.map((text) => redis.command('GET', tag + text)));
      const changes = (await redis.command('LRANGE', `${tag}changes`, 0, -1)) as Buffer[];
      return async () => {
        for (const [at, text] of texts.entries()) await redis.command('SET', tag + text, values[at] as Buffer);
        await redis.command('DEL', `${tag}changes`);
        await redis.command('RPUSH', `${tag}changes`, ...changes);
      };
    };

    it('by what was appended since, in any batches, beside whole buckets', async () => {
      await write(0, 10, 'a');
      const reader = await held(3, 5);
      await write(10, 11, 'bc');
      await write(11, 12, 'd');
      expect(await grown(reader)).toEqual([[3, 'bcd'], [5, '']]);
      const { next, buckets, grown: more } = await store.load('nhs.7', [63], reader);
      expect([next, buckets.map(String), String(more!.get(3))]).toEqual([12, ['abcd'], 'bcd']);
    });

    it('by nothing where nothing was', async () => {
      await write(0, 10, 'a');
      expect(await grown(await held(3, 63))).toEqual([[3, ''], [63, '']]);
      expect(await grown(await held())).toEqual([]);
    });

    it('by all there is since before its first change, but not in a bucket that held something nobody listed', async () => {
      const reader = await held(3, 63);
      await write(0, 10, 'a');
      expect(await grown(reader)).toEqual([[3, 'a'], [63, 'a']]);
      expect(await grown({ ...reader, bytes: new Map([[3, 0], [63, 1]]) })).toEqual([[3, 'a']]);
    });

    it('but for a bucket that was compacted since, shorter or grown again', async () => {
      await write(0, 10, 'aaa');
      const before = await held(3, 63);
      await store.compact('nhs.7', await stateOf(), 3, Buffer.from('a'), ids.next());
      const after = await held(3, 63);
      expect(await grown(before)).toEqual([[63, '']]);
      await write(10, 11, 'bbbb');
      expect(await grown(before)).toEqual([[63, 'bbbb']]);
      expect(await grown(after)).toEqual([[3, 'bbbb'], [63, 'bbbb']]);
    });

    it.each(['x', 'yy', 'zzz'])('by nobody who read what is no longer there, be the store shorter, as long or longer again: %s', async (text) => {
      await write(0, 10, 'a');
      const before = await held(3);
      const putBack = await copied();
      await write(10, 12, 'bb');
      const reader = await held(3);
      await putBack();
      expect(await grown(reader)).toBeNull();
      await write(10, 12, text);
      expect(await grown(reader)).toBeNull();
      expect(await grown(before)).toEqual([[3, text]]);
    });

    it('by nobody who has read it compacted, where that was taken back', async () => {
      await write(0, 10, 'aaa');
      const putBack = await copied();
      await store.compact('nhs.7', await stateOf(), 3, Buffer.from('a'), ids.next());
      const reader = await held(3, 63);
      await putBack();
      await write(10, 11, 'b');
      expect(await grown(reader)).toBeNull();
    });

    it('by nobody who is too many changes behind', async () => {
      await write(0, 1, 'a');
      const first = await held(3);
      await write(1, 2, 'b');
      const second = await held(3);
      for (let next = 3; next <= 257; next += 1) await write(next - 1, next, 'c');
      expect(await grown(first)).toBeNull();
      expect(await grown(second)).toEqual([[3, 'c'.repeat(255)]]);
    });

    it('by nobody who has more to read than is read at once', async () => {
      await write(0, 1, 'a');
      const reader = await held(3, 63);
      await write(1, 2, 'bbb');
      store = new PartitionStore(place().redis, place().generation, 6);
      expect(await grown(reader)).toEqual([[3, 'bbb'], [63, 'bbb']]);
      await write(2, 3, 'c');
      expect(await grown(reader)).toBeNull();
      expect(String((await store.load('nhs.7', [3], reader)).buckets[0])).toBe('abbbc');
    });
  });

  it('forgets a mark by its own id alone', async () => {
    await write(0, 1, 'a');
    const picked = await store.marks('nhs.7');
    await write(1, 2, 'b');
    await store.deleteMarks('nhs.7', picked.map(({ id }) => id));
    expect((await store.marks('nhs.7')).map(({ subjects }) => subjects)).toEqual([Buffer.alloc(16, 'b')]);
  });

  it('keeps a mark for everyone as such', async () => {
    await store.markEveryone('nhs.7', ids.next());
    expect((await store.marks('nhs.7')).map(({ subjects }) => subjects)).toEqual([null]);
  });

  it('shares nothing with the same partition of another generation', async () => {
    await write(0, 10, 'a');
    expect(await new PartitionStore(place().redis, place().generation + 1).next('nhs.7')).toBe(0);
  });

  it('sends a script again to a server that has forgotten it', async () => {
    await place().redis.command('SCRIPT', 'FLUSH');
    expect(await write(0, 10, 'a')).toEqual({ stored: true });
  });
}
