import { BusError } from '../bus-error.js';
import type { SpareMemory } from './spare-memory.js';

export const NO_BROKER_REMEDY = 'Give the address of a Kafka listener, and tell the client whether it speaks TLS.';

/** Bytes before a response, which say how long it is: https://kafka.apache.org/protocol#protocol_common. */
const SIZE_BYTES = 4;
const SCRATCH_BYTES = 1 << 16;
/** What answers with more is no broker: a server of another protocol, whose first bytes are taken for a size. */
const MOST_BYTES = 1 << 28;

/**
 * Puts a connection's bytes together to whole responses, each into memory taken once at the size that it says: the bytes of a
 * long one are read to where they stay.
 */
export class ResponseFrames {
  /** Of responses whose size is not known yet. */
  readonly #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES);
  #scratchHolds = 0;
  #frame: Buffer | undefined;
  #frameHolds = 0;

  /** @param onFrame given a response, its size before it, as soon as it is whole */
  constructor(
    private readonly memory: SpareMemory,
    private readonly onFrame: (frame: Buffer) => void,
  ) {}

  /** Where the next bytes are to be put; never empty. */
  space(): Buffer {
    return this.#frame === undefined ? this.#scratch.subarray(this.#scratchHolds) : this.#frame.subarray(this.#frameHolds);
  }

  /**
   * Takes so many bytes as put into {@link space}.
   * @throws BusError `KAFKA_REFUSED` where what answers is no broker
   */
  take(bytes: number): void {
    if (this.#frame === undefined) return this.#takeScratch(this.#scratchHolds + bytes);
    this.#frameHolds += bytes;
    if (this.#frameHolds < this.#frame.length) return;
    const frame = this.#frame;
    this.#frame = undefined;
    this.onFrame(frame);
  }

  #takeScratch(end: number): void {
    let at = 0;
    while (end - at >= SIZE_BYTES) {
      const frame = this.#newFrame(this.#scratch.readInt32BE(at));
      const copied = this.#scratch.copy(frame, 0, at, Math.min(end, at + frame.length));
      at += copied;
      if (copied < frame.length) {
        this.#frame = frame;
        this.#frameHolds = copied;
        break;
      }
      this.onFrame(frame);
    }
    this.#scratch.copyWithin(0, at, end);
    this.#scratchHolds = end - at;
  }

  #newFrame(bytes: number): Buffer {
    if (bytes < 0 || bytes > MOST_BYTES) {
      throw new BusError('KAFKA_REFUSED', `a response of ${bytes} bytes`, NO_BROKER_REMEDY, false);
    }
    return Buffer.from(this.memory.take(SIZE_BYTES + bytes), 0, SIZE_BYTES + bytes);
  }
}
