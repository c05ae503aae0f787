import type { LinkHash, LinkWrite } from '@throughline/state-store';
import type { LinkTarget } from '../linking/linker.js';

/** A link index in memory with the same fences, that tests may interrupt between any two calls. */
export class MemoryIndex implements LinkTarget {
  readonly hashes: Record<LinkHash, Map<string, Buffer>> = { identity: new Map(), token: new Map(), subject: new Map(), participant: new Map(), conflict: new Map(), decision: new Map() };
  readonly nexts = new Map<string, number>();
  readonly marks: Buffer[] = [];
  stamp: Buffer | null = null;
  /** Called before each call does its work. */
  beforeCall: () => Promise<void> = async () => undefined;

  async read(hash: LinkHash, fields: readonly Buffer[]): Promise<{ stamp: Buffer | null; values: (Buffer | null)[] }> {
    await this.beforeCall();
    return { stamp: this.stamp, values: fields.map((field) => this.hashes[hash].get(field.toString('hex')) ?? null) };
  }

  async next(partition: string): Promise<number> {
    await this.beforeCall();
    return this.nexts.get(partition) ?? 0;
  }

  async write({ expectedStamp, stamp, partition, expectedNext, next, changes, mark }: LinkWrite): Promise<boolean> {
    await this.beforeCall();
    if (!(expectedStamp === null ? this.stamp === null : this.stamp?.equals(expectedStamp))) return false;
    if ((this.nexts.get(partition) ?? 0) !== expectedNext) return false;
    for (const { hash, field, value } of changes) {
      if (value === null) this.hashes[hash].delete(field.toString('hex'));
      else this.hashes[hash].set(field.toString('hex'), value);
    }
    if (mark !== null) this.marks.push(mark.roots);
    this.nexts.set(partition, next);
    this.stamp = stamp;
    return true;
  }

  /** Everything but offsets, stamp and marks, in one order. */
  contents(): string {
    return JSON.stringify(Object.entries(this.hashes).map(([hash, fields]) => [hash, [...fields].map(([field, value]) => `${field}=${value.toString('hex')}`).sort()]));
  }
}
