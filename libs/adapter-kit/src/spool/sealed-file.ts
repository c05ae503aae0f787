import { createReadStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SpoolKey } from '@throughline/identity';
import { FRAME_BYTES, FrameSealer, labelOf, openFrames } from './frame-cipher.js';

/** Thrown when the disk does not take what must be kept: nothing was accepted. */
export class SpoolNotWritable extends Error {
  override readonly name = 'SpoolNotWritable';
  readonly code = 'spool-not-writable';
  readonly remedy = 'Free space under the spool folder and check that the adapter may write there, then send again.';
  /** @param left why what had been written could not be removed again, where that failed too: both are then the cause. */
  constructor(cause: unknown, left?: unknown) {
    const also = left === undefined ? '' : `, nor what was written removed (${codeOf(left)})`;
    super(`the spool folder could not be written (${codeOf(cause)})${also}`, { cause: left === undefined ? cause : new AggregateError([cause, left]) });
  }
}

const codeOf = (cause: unknown): string => (cause as NodeJS.ErrnoException).code ?? 'unknown cause';

const FIRST_FRAME_BYTES = 1_024;

/** Makes a file's name last: without it a crash may forget a file that was itself synced. */
export const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/**
 * Writes an encrypted file that is either whole under its name or not there: frames go to a temporary file, which is synced
 * and renamed. Nothing touches the disk before the first full frame, so a client that drips costs memory for what it sent
 * and no more. Every failure to write throws {@link SpoolNotWritable}.
 */
export class SealedFileWriter {
  readonly #temporary: string;
  readonly #ring: SpoolKey;
  readonly #label: unknown;
  /** Grows with what arrives up to a whole frame, then is used again. */
  #frame = Buffer.allocUnsafe(FIRST_FRAME_BYTES);
  #filled = 0;
  #file: FileHandle | undefined;
  #sealer: FrameSealer | undefined;

  /**
   * @param temporary path of the unfinished file, in the folder the finished one will stand in.
   * @param label JSON that stands at the file's beginning in the clear.
   */
  constructor(temporary: string, ring: SpoolKey, label?: unknown) {
    this.#temporary = temporary;
    this.#ring = ring;
    this.#label = label;
  }

  async write(bytes: Uint8Array): Promise<void> {
    let at = 0;
    while (at < bytes.length) {
      const piece = bytes.subarray(at, at + FRAME_BYTES - this.#filled);
      this.#makeRoom(this.#filled + piece.length);
      this.#frame.set(piece, this.#filled);
      this.#filled += piece.length;
      at += piece.length;
      if (this.#filled === FRAME_BYTES) await this.#flush(false);
    }
  }

  #makeRoom(length: number): void {
    if (length <= this.#frame.length) return;
    const larger = Buffer.allocUnsafe(Math.min(FRAME_BYTES, Math.max(length, 2 * this.#frame.length)));
    this.#frame.copy(larger, 0, 0, this.#filled);
    this.#frame = larger;
  }

  /** Syncs the file, gives it its name and syncs the folder: after this it survives a crash. */
  async finish(path: string): Promise<void> {
    await this.#flush(true);
    try {
      await this.#file?.sync();
      await this.#file?.close();
      this.#file = undefined;
      await rename(this.#temporary, path);
      await syncFolder(dirname(path));
    } catch (error) {
      throw new SpoolNotWritable(error);
    }
  }

  /** Leaves nothing behind, or what the next start sweeps. Safe to call at any time, also after {@link finish}; never throws. */
  async discard(): Promise<void> {
    await this.#file?.close().catch(() => undefined);
    this.#file = undefined;
    // It would hide why nothing was accepted.
    await rm(this.#temporary, { force: true }).catch(() => undefined);
  }

  async #flush(last: boolean): Promise<void> {
    try {
      if (this.#file === undefined || this.#sealer === undefined) {
        this.#file = await open(this.#temporary, 'wx', 0o600);
        this.#sealer = new FrameSealer(this.#ring, this.#label);
        await this.#file.write(this.#sealer.header);
      }
      const sealed = this.#sealer.seal(this.#frame.subarray(0, this.#filled), last);
      this.#filled = 0;
      await writeAll(this.#file, sealed);
    } catch (error) {
      throw new SpoolNotWritable(error);
    }
  }
}

// A nearly full disk may take part of a buffer and say so.
const writeAll = async (file: FileHandle, bytes: Buffer): Promise<void> => {
  for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
};

/** What stands at a sealed file's beginning. Throws `SpoolDamaged`. */
export const readLabel = async (path: string): Promise<unknown> => {
  const stream = createReadStream(path, { highWaterMark: 4 * 1024 });
  try {
    return await labelOf(stream as AsyncIterable<Uint8Array>);
  } finally {
    stream.destroy();
  }
};

/** Reads a sealed file back. Throws `SpoolDamaged`, or the file system's own error where there is no file. */
export async function* readSealedFile(path: string, ring: readonly SpoolKey[]): AsyncGenerator<Buffer, void, void> {
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    yield* openFrames(stream as AsyncIterable<Uint8Array>, ring);
  } finally {
    stream.destroy();
  }
}
