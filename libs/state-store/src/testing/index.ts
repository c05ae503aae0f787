export { answered, MemoryRedis } from './memory-redis.js';
export type { StoreCopy } from './memory-redis.js';
