import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SubmissionRefused } from '../adapter-declaration.js';

export interface GunzipLimits {
  /** Greatest bytes out per byte in; partners' files reach about 40, a bomb about 1,000. */
  readonly ratio: number;
}

/** Below this output no ratio is judged: a short file of one repeated word is not a bomb. */
const RATIO_FREE_BYTES = 1024 * 1024;

/**
 * Unpacks a gzip stream. Throws {@link SubmissionRefused}: `compressed-too-far` as soon as output passes `ratio` times the
 * input taken so far, `truncated` for a stream that ends early, `malformed` for one that is not gzip.
 * Nothing is unpacked ahead of the reader.
 */
export async function* gunzip(payload: AsyncIterable<Uint8Array>, limits: GunzipLimits): AsyncGenerator<Uint8Array, void, void> {
  let written = 0;
  let sourceFault: Error | undefined;
  const counted = async function* (): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* payload;
    } catch (error) {
      sourceFault = error instanceof Error ? error : new Error('the payload could not be read', { cause: error });
      throw sourceFault;
    }
  };
  const source = Readable.from(counted(), { objectMode: false, highWaterMark: 64 * 1024 });
  const unzip = createGunzip();
  source.on('error', (error) => unzip.destroy(error));
  source.pipe(unzip);
  try {
    for await (const chunk of unzip as AsyncIterable<Uint8Array>) {
      written += chunk.length;
      if (written > RATIO_FREE_BYTES && written > unzip.bytesWritten * limits.ratio) {
        throw new SubmissionRefused(
          'compressed-too-far',
          'payload',
          `at most ${limits.ratio} bytes unpacked for one byte of gzip`,
          'Send the file uncompressed, or in parts.',
        );
      }
      yield chunk;
    }
  } catch (error) {
    if (error instanceof SubmissionRefused) throw error;
    // The sender's own connection failed: not a fault of the payload.
    if (sourceFault !== undefined) throw sourceFault;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'Z_BUF_ERROR') {
      throw new SubmissionRefused('truncated', 'end of payload', 'the whole gzip stream', 'Compress the file again and send all of it.');
    }
    throw new SubmissionRefused('malformed', 'payload', 'gzip, as Content-Encoding says', 'Send gzip, or leave out Content-Encoding.');
  } finally {
    source.destroy();
    unzip.destroy();
  }
}
