import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { SpoolKey } from '@throughline/identity';
import { damaged } from './frame-cipher.js';
import { readLabel, readSealedFile, SealedFileWriter, SpoolNotWritable, syncFolder } from './sealed-file.js';

const PAYLOAD = '.payload';
const OUTBOX = '.outbox';
const UNFINISHED = '.unfinished';

/**
 * An adapter's folder: payloads and outboxes, each encrypted and named by submission id alone, beside the two databases.
 */
export class SpoolFolder {
  readonly #ring: readonly [SpoolKey, ...SpoolKey[]];

  private constructor(
    readonly path: string,
    ring: readonly [SpoolKey, ...SpoolKey[]],
  ) {
    this.#ring = ring;
  }

  /** Makes the folder where it is missing. Throws {@link SpoolNotWritable}. */
  static async open(path: string, ring: readonly [SpoolKey, ...SpoolKey[]]): Promise<SpoolFolder> {
    try {
      await mkdir(path, { recursive: true, mode: 0o700 });
      await syncFolder(path);
    } catch (error) {
      throw new SpoolNotWritable(error);
    }
    return new SpoolFolder(path, ring);
  }

  get receiptsPath(): string {
    return join(this.path, 'receipts.sqlite');
  }

  get ledgerPath(): string {
    return join(this.path, 'ledger.sqlite');
  }

  get lockPath(): string {
    return join(this.path, 'lock.sqlite');
  }

  /** Written again and again to see that the folder takes it. */
  get probePath(): string {
    return join(this.path, 'writable');
  }

  payloadPath(submission: string): string {
    return join(this.path, `${submission}${PAYLOAD}`);
  }

  outboxPath(submission: string): string {
    return join(this.path, `${submission}${OUTBOX}`);
  }

  /** A writer of a file that has no name yet. @param label see {@link payloadLabel}. */
  write(label?: unknown): SealedFileWriter {
    return new SealedFileWriter(join(this.path, `${randomUUID()}${UNFINISHED}`), this.#ring[0], label);
  }

  /** What a payload says of itself. Throws `SpoolDamaged`. */
  payloadLabel(submission: string): Promise<unknown> {
    return readLabel(this.payloadPath(submission));
  }

  /** Submissions whose payload is here. */
  async payloads(): Promise<readonly string[]> {
    return (await readdir(this.path)).filter((name) => name.endsWith(PAYLOAD)).map((name) => name.slice(0, -PAYLOAD.length));
  }

  /** Throws `SpoolDamaged`. */
  readPayload(submission: string): AsyncGenerator<Buffer, void, void> {
    return this.#read(this.payloadPath(submission));
  }

  /** Throws `SpoolDamaged`. */
  readOutbox(submission: string): AsyncGenerator<Buffer, void, void> {
    return this.#read(this.outboxPath(submission));
  }

  async *#read(path: string): AsyncGenerator<Buffer, void, void> {
    try {
      yield* readSealedFile(path, this.#ring);
    } catch (error) {
      // Where not even the databases are seen the volume is away, not the file: it may come back.
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' && existsSync(this.receiptsPath)) throw damaged('missing');
      throw error;
    }
  }

  hasPayload(submission: string): boolean {
    return existsSync(this.payloadPath(submission));
  }

  hasOutbox(submission: string): boolean {
    return existsSync(this.outboxPath(submission));
  }

  async deletePayload(submission: string): Promise<void> {
    await rm(this.payloadPath(submission), { force: true });
  }

  /** Removes a payload of which its sender hears that it was not accepted, so that no crash brings it back. */
  async takeBackPayload(submission: string): Promise<void> {
    await this.deletePayload(submission);
    await syncFolder(this.path);
  }

  async deleteOutbox(submission: string): Promise<void> {
    await rm(this.outboxPath(submission), { force: true });
  }

  /**
   * Removes what a crash left behind and nobody was promised: unfinished files, and outboxes that nothing waits for. Called
   * once, before anything is accepted. A payload is never removed here.
   * @param keeps whether an outbox is still to be published.
   */
  async sweep(keeps: (submission: string) => boolean): Promise<number> {
    let removed = 0;
    for (const name of await readdir(this.path)) {
      const stale = name.endsWith(UNFINISHED) || (name.endsWith(OUTBOX) && !keeps(name.slice(0, -OUTBOX.length)));
      if (!stale) continue;
      await rm(join(this.path, name), { force: true });
      removed += 1;
    }
    return removed;
  }

  /** Size of payloads and outboxes, and what their disk has and has left, bytes. */
  async usage(): Promise<{ readonly bytes: number; readonly free: number; readonly size: number }> {
    let bytes = 0;
    for (const name of await readdir(this.path)) {
      if (!name.endsWith(PAYLOAD) && !name.endsWith(OUTBOX)) continue;
      bytes += await stat(join(this.path, name)).then(
        ({ size }) => size,
        // Deleted between the listing and the look.
        () => 0,
      );
    }
    const disk = await statfs(this.path);
    return { bytes, free: disk.bavail * disk.bsize, size: disk.blocks * disk.bsize };
  }
}
