import { SpareMemory } from './spare-memory.js';

const SIZE = 100_000;

it('gives memory again that was given back, to whoever wants as much', () => {
  const memory = new SpareMemory();
  const first = memory.take(SIZE);
  memory.giveBack(first);
  expect(memory.take(SIZE + 10)).toBe(first);
  expect(memory.take(SIZE)).not.toBe(first);
});

it('gives at least what is asked for', () => {
  const memory = new SpareMemory();
  for (const bytes of [0, 1, 100, 1 << 14, (1 << 14) + 1, SIZE, 1 << 20]) {
    const taken = memory.take(bytes);
    expect(taken.byteLength).toBeGreaterThanOrEqual(bytes);
    memory.giveBack(taken);
  }
});

it('gives to one only what was given back twice', () => {
  const memory = new SpareMemory();
  const first = memory.take(SIZE);
  memory.giveBack(first);
  memory.giveBack(first);
  expect(memory.take(SIZE)).toBe(first);
  expect(memory.take(SIZE)).not.toBe(first);
});

it('takes in nothing that it has not given', () => {
  const memory = new SpareMemory();
  const foreign = new ArrayBuffer(1 << 17);
  memory.giveBack(foreign);
  memory.giveBack(new SharedArrayBuffer(1 << 17));
  expect(memory.take(1 << 17)).not.toBe(foreign);
});
