export { groupMembers } from './group-members.js';
export { MemoryConsumer } from './memory-consumer.js';
export { MemoryLog } from './memory-log.js';
export type { MemoryLogOptions } from './memory-log.js';
export type { MemoryGroup } from './memory-group.js';
