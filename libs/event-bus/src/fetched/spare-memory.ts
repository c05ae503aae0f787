/** Least that is worth keeping, bytes: less is allocated for each use. */
const LEAST = 1 << 14;
/** Most of one size that are kept. */
const MOST_KEPT = 4;

/**
 * Memory that is used again. V8 counts what lies outside its heap, and marks the whole heap after every few tens of
 * megabytes of it that are new: to whoever reads a log, that costs as much as reading.
 *
 * What lies unused is held weakly: the next full collection frees it, so that a reader that has caught up keeps nothing.
 */
export class SpareMemory {
  /** By size, a power of two. */
  readonly #spare = new Map<number, WeakRef<ArrayBuffer>[]>();
  readonly #lent = new WeakSet<ArrayBuffer>();

  /** @returns at least so many bytes, in which is whatever was there before */
  take(bytes: number): ArrayBuffer {
    if (bytes < LEAST) return new ArrayBuffer(bytes);
    const size = 2 ** Math.ceil(Math.log2(bytes));
    const memory = this.#kept(size) ?? new ArrayBuffer(size);
    this.#lent.add(memory);
    return memory;
  }

  /** To be called once nobody reads it any more. What was not taken here, or is back already, is left alone. */
  giveBack(memory: ArrayBufferLike): void {
    if (!(memory instanceof ArrayBuffer) || !this.#lent.delete(memory)) return;
    const kept = this.#spare.get(memory.byteLength) ?? [];
    this.#spare.set(memory.byteLength, kept);
    if (kept.length < MOST_KEPT) kept.push(new WeakRef(memory));
  }

  #kept(size: number): ArrayBuffer | undefined {
    const kept = this.#spare.get(size) ?? [];
    while (kept.length > 0) {
      const memory = kept.pop()?.deref();
      if (memory !== undefined) return memory;
    }
    return undefined;
  }
}

/** That of this process's readers. */
export const spareMemory = new SpareMemory();
