import { SubmissionRefused } from '../adapter-declaration.js';
import { gunzip } from '../readers/gunzip.js';

export interface PayloadBounds {
  /** Greatest payload, unpacked, bytes. */
  readonly maxBytes: number;
  /** Greatest bytes out per byte of gzip. */
  readonly gzipRatio: number;
}

/** Thrown when a payload is larger than the adapter takes. */
export const tooLarge = (maxBytes: number): SubmissionRefused =>
  new SubmissionRefused('too-large', 'payload', `at most ${maxBytes} bytes, unpacked`, 'Send the file in parts, or ask for the limit to be raised.');

/** The payload as it will be spooled: unpacked and within its bounds. Throws `SubmissionRefused`. */
export async function* boundedPayload(
  body: AsyncIterable<Uint8Array>,
  packed: boolean,
  bounds: PayloadBounds,
): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  for await (const chunk of packed ? gunzip(body, { ratio: bounds.gzipRatio }) : body) {
    bytes += chunk.length;
    if (bytes > bounds.maxBytes) throw tooLarge(bounds.maxBytes);
    yield chunk;
  }
}

export interface Pace {
  /** Time a sender has before its pace is judged, milliseconds. */
  readonly graceMs: number;
  /** Least bytes a second on average after that. */
  readonly bytesPerSecond: number;
}

/** The part of a request's stream that pace needs. */
export interface PacedSource extends AsyncIterable<Uint8Array> {
  destroy(error?: Error): unknown;
}

/**
 * A sender that drips is cut off: `timed-out` once its average falls below the pace. Time spent waiting for us (a busy
 * disk, no free slot) is not counted against it.
 */
export async function* pacedPayload(source: PacedSource, pace: Pace, now: () => number = () => performance.now()): AsyncGenerator<Uint8Array, void, void> {
  let bytes = 0;
  let waited = 0;
  let waitingSince: number | null = null;
  const slow = new SubmissionRefused('timed-out', 'payload', `at least ${pace.bytesPerSecond} bytes a second`, 'Send the file over a faster connection, or as gzip.');
  const timer = setInterval(
    () => {
      const elapsed = waited + (waitingSince === null ? 0 : now() - waitingSince);
      if (elapsed > pace.graceMs && bytes < (elapsed / 1000) * pace.bytesPerSecond) source.destroy(slow);
    },
    Math.max(10, Math.min(1_000, pace.graceMs / 4)),
  );
  try {
    const chunks = source[Symbol.asyncIterator]();
    for (;;) {
      waitingSince = now();
      const next = await chunks.next();
      waited += now() - waitingSince;
      waitingSince = null;
      if (next.done === true) return;
      bytes += next.value.length;
      yield next.value;
    }
  } finally {
    clearInterval(timer);
  }
}
