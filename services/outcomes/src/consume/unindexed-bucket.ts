import { EntryHead } from '@throughline/outcome-metrics';
import { ID_LENGTH } from './id-table.js';

/** What was read of a bucket, as stored, and nobody asked for yet: several entries of one fact stand in the order in which they were stored. */
export class UnindexedBucket {
  /** Of the entries that are left. */
  bytesLeft: number;
  /** How many subjects were looked for. */
  looks = 0;
  readonly #packed: Buffer;
  /** Where each entry that is left begins. */
  #begins: Uint32Array;

  /** @throws CorruptTimeline */
  constructor(packed: Buffer) {
    const head = new EntryHead();
    const begins: number[] = [];
    for (let from = 0; from < packed.length; from = head.end) {
      head.read(packed, from);
      begins.push(from);
    }
    this.#begins = Uint32Array.from(begins);
    // A copy in memory of its own: what it came in, and what small buffers are cut from, holds others as well, which may be
    // forgotten before this one.
    this.#packed = Buffer.allocUnsafeSlow(packed.length);
    packed.copy(this.#packed);
    this.bytesLeft = packed.length;
  }

  /** Entries that are left. */
  get entries(): number {
    return this.#begins.length;
  }

  /** Memory it takes. */
  get memoryBytes(): number {
    return this.#packed.length + this.#begins.byteLength;
  }

  /** Visits all that are left, in their order. */
  visit(visit: (head: EntryHead, from: number) => void): void {
    const head = new EntryHead();
    for (const from of this.#begins) {
      head.read(this.#packed, from);
      visit(head, from);
    }
  }

  /** Visits those of one subject, in their order: they are not left. */
  take(subject: Uint8Array, at: number, visit: (head: EntryHead, from: number) => void): void {
    this.looks += 1;
    const found = this.#begins.filter((from) => isSameId(this.#packed, from, subject, at));
    if (found.length === 0) return;
    const head = new EntryHead();
    for (const from of found) {
      head.read(this.#packed, from);
      this.bytesLeft -= head.end - from;
      visit(head, from);
    }
    const taken = new Set(found);
    this.#begins = this.#begins.filter((from) => !taken.has(from));
  }
}

function isSameId(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number): boolean {
  for (let byte = ID_LENGTH - 1; byte >= 0; byte -= 1) if (left[leftAt + byte] !== right[rightAt + byte]) return false;
  return true;
}
