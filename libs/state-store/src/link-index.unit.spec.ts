import { LinkIndex } from './link-index.js';
import { MemoryRedis } from './testing/memory-redis.js';

const write = (index: LinkIndex) =>
  index.write({ expectedStamp: null, stamp: Buffer.alloc(12, 1), partition: 'nhs.0', expectedNext: 0, next: 1, changes: [], mark: null });

describe('by which keys an index is built', () => {
  it('is what was said before anything was written, whatever is said later', async () => {
    const index = new LinkIndex(new MemoryRedis().connect(), 1);
    expect(await index.fixKeys('a>b')).toBe('a>b');
    await write(index);
    expect(await index.fixKeys('a>b,b>c')).toBe('a>b');
  });

  it('is none for one that was written before any were said', async () => {
    const index = new LinkIndex(new MemoryRedis().connect(), 1);
    await write(index);
    expect([await index.fixKeys('a>b'), await index.fixKeys('a>b')]).toEqual(['', '']);
  });

  it('is of one generation', async () => {
    const redis = new MemoryRedis();
    await new LinkIndex(redis.connect(), 1).fixKeys('');
    expect(await new LinkIndex(redis.connect(), 2).fixKeys('a>b')).toBe('a>b');
  });
});
