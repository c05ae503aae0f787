import type { ReadLimits } from '../adapter-declaration.js';
import { SubmissionRefused } from '../adapter-declaration.js';

/** Limits small enough for tests to pass them. */
export const TEST_LIMITS: ReadLimits = { depth: 12, textLength: 2_000, recordBytes: 20_000 };

/** A payload in chunks of the given size, so that characters and tags fall across chunks. */
export async function* payloadOf(content: string | Uint8Array, chunkBytes = 7): AsyncGenerator<Uint8Array, void, void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
}

/** A payload of `start` and then up to a gigabyte of one byte; says how much of it was ever asked for. */
export const endlessPayload = (start: string, filler: string): { payload: AsyncIterable<Uint8Array>; bytesRead: () => number } => {
  let read = 0;
  const chunk = Buffer.alloc(256 * 1024, filler);
  const generate = async function* (): AsyncGenerator<Uint8Array, void, void> {
    yield Buffer.from(start);
    for (; read < 1024 ** 3; read += chunk.length) yield chunk;
  };
  return { payload: generate(), bytesRead: () => read };
};

export const collect = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

/** The refusal that reading ends in; fails when it ends otherwise. */
export const refusalOf = async (items: AsyncIterable<unknown>): Promise<SubmissionRefused> => {
  try {
    await collect(items);
  } catch (error) {
    if (error instanceof SubmissionRefused) return error;
    throw error;
  }
  throw new Error('nothing was refused');
};
