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

/** A request's stream. It is left as it is however reading ends: destroying it would take the answer's socket with it. */
export type PacedSource = AsyncIterable<Uint8Array>;

/**
 * A sender that drips is cut off: `timed-out` once its average falls below the pace. Time spent waiting for us (a busy
 * disk, no free slot) is not counted against it.
 */
export async function* pacedPayload(source: PacedSource, pace: Pace, now: () => number = () => performance.now()): AsyncGenerator<Uint8Array, void, void> {
  const slow = new SubmissionRefused('timed-out', 'payload', `at least ${pace.bytesPerSecond} bytes a second`, 'Send the file over a faster connection, or as gzip.');
  let bytes = 0;
  let waited = 0;
  let waiting: { readonly since: number; readonly giveUp: (error: Error) => void } | null = null;
  const judge = (): void => {
    if (waiting === null) return;
    const elapsed = waited + now() - waiting.since;
    if (elapsed > pace.graceMs && bytes < (elapsed / 1000) * pace.bytesPerSecond) waiting.giveUp(slow);
  };
  const timer = setInterval(judge, Math.max(10, Math.min(1_000, pace.graceMs / 4)));
  const chunks = source[Symbol.asyncIterator]();
  const nextChunk = (): Promise<IteratorResult<Uint8Array>> =>
    new Promise((resolve, reject) => {
      waiting = { since: now(), giveUp: reject };
      chunks.next().then(resolve, reject);
    });
  try {
    for (;;) {
      const since = now();
      const next = await nextChunk();
      waiting = null;
      waited += now() - since;
      if (next.done === true) return;
      bytes += next.value.length;
      yield next.value;
    }
  } finally {
    clearInterval(timer);
  }
}
