import { EntryHead } from '@throughline/outcome-metrics';
import { ID_LENGTH } from './id-table.js';

/** What was read of a bucket, as stored: several entries of one fact stand in the order in which they were stored. */
export class UnindexedBucket {
  /** Bytes of those subjects that nobody looked for yet. */
  bytesLeft: number;
  /** How many subjects were looked for. */
  looks = 0;
  readonly entries: number;
  readonly #packed: Buffer;

  /** @throws CorruptTimeline */
  constructor(packed: Buffer) {
    // A copy: the buffer it came in holds other buckets, which may be forgotten before this one.
    this.#packed = Buffer.from(packed);
    this.bytesLeft = packed.length;
    let entries = 0;
    this.visit(() => (entries += 1));
    this.entries = entries;
  }

  /** Memory it takes: the bytes that were read. */
  get length(): number {
    return this.#packed.length;
  }

  /** Visits all entries, in their order. */
  visit(visit: (head: EntryHead, from: number) => void): void {
    const head = new EntryHead();
    for (let from = 0; from < this.#packed.length; from = head.end) {
      head.read(this.#packed, from);
      visit(head, from);
    }
  }

  /** Visits those of one subject, who is looked for once. */
  visitSubject(subject: Uint8Array, at: number, visit: (head: EntryHead, from: number) => void): void {
    this.looks += 1;
    this.visit((head, from) => {
      if (!isSameId(this.#packed, from, subject, at)) return;
      this.bytesLeft -= head.end - from;
      visit(head, from);
    });
  }
}

function isSameId(left: Uint8Array, leftAt: number, right: Uint8Array, rightAt: number): boolean {
  for (let byte = ID_LENGTH - 1; byte >= 0; byte -= 1) if (left[leftAt + byte] !== right[rightAt + byte]) return false;
  return true;
}
