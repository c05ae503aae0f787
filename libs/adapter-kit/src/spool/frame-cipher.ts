import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { SpoolKey } from '@throughline/identity';

/**
 * Files at rest: `TLS1`, header length (u16), header JSON, then frames of at most 64 KiB. One data key per file, wrapped by
 * a key of the ring; the header may bear a label in the clear, and is authenticated with the first frame; each frame is AES-256-GCM under a nonce of a random prefix, the frame's counter and a flag that only
 * the last frame bears, so that a frame cut off, left out, repeated or moved is found.
 */
export const FRAME_BYTES = 64 * 1024;

const MAGIC = Buffer.from('TLS1');
const TAG_BYTES = 16;
const ALGORITHM = 'aes-256-gcm';
/** Length word of a frame; the highest bit marks the last. */
const LENGTH_BYTES = 4;
const LAST = 0x8000_0000;

/** Thrown when a file of the spool is not what was written: gone, damaged, cut short, or wrapped by a key that is not held. */
export class SpoolDamaged extends Error {
  override readonly name = 'SpoolDamaged';
  constructor(
    readonly code: 'unknown-key' | 'missing' | 'not-a-spool-file' | 'cut-short' | 'altered',
    readonly remedy: string,
  ) {
    super(`${code}. ${remedy}`);
  }

  /** What was written cannot be had any more. Without its key it may yet. */
  get lost(): boolean {
    return this.code !== 'unknown-key';
  }
}

export const damaged = (code: 'missing' | 'not-a-spool-file' | 'cut-short' | 'altered'): SpoolDamaged =>
  new SpoolDamaged(code, 'Restore the file from a backup, or ask the partner to send the submission again.');

interface Header {
  readonly kid: string;
  readonly iv: string;
  readonly key: string;
  readonly tag: string;
  readonly prefix: string;
  readonly label?: unknown;
}

const nonceOf = (prefix: Buffer, counter: number, last: boolean): Buffer => {
  const nonce = Buffer.alloc(12);
  prefix.copy(nonce, 0);
  nonce.writeUInt32BE(counter, 7);
  nonce[11] = last ? 1 : 0;
  return nonce;
};

/** Seals one file's frames in order. */
export class FrameSealer {
  readonly header: Buffer;
  readonly #key = randomBytes(32);
  readonly #prefix = randomBytes(7);
  #counter = 0;

  /** @param label JSON, at most a few hundred bytes: whoever opens the folder reads it. */
  constructor(ring: SpoolKey, label?: unknown) {
    const iv = randomBytes(12);
    const wrap = createCipheriv(ALGORITHM, ring.key, iv).setAAD(Buffer.from(ring.kid));
    const key = Buffer.concat([wrap.update(this.#key), wrap.final()]);
    const fields: Header = {
      kid: ring.kid,
      iv: iv.toString('base64'),
      key: key.toString('base64'),
      tag: wrap.getAuthTag().toString('base64'),
      prefix: this.#prefix.toString('base64'),
      ...(label === undefined ? {} : { label }),
    };
    const json = Buffer.from(JSON.stringify(fields));
    const length = Buffer.alloc(2);
    length.writeUInt16BE(json.length);
    this.header = Buffer.concat([MAGIC, length, json]);
  }

  seal(plain: Uint8Array, last: boolean): Buffer {
    const cipher = createCipheriv(ALGORITHM, this.#key, nonceOf(this.#prefix, this.#counter, last));
    if (this.#counter === 0) cipher.setAAD(this.header);
    this.#counter += 1;
    const body = cipher.update(plain);
    cipher.final();
    const length = Buffer.alloc(LENGTH_BYTES);
    length.writeUInt32BE(plain.length + (last ? LAST : 0));
    return Buffer.concat([length, body, cipher.getAuthTag()]);
  }
}

const parseHeader = (json: Buffer): Header => {
  try {
    return JSON.parse(json.toString()) as Header;
  } catch {
    throw damaged('not-a-spool-file');
  }
};

const unwrap = (header: Header, ring: readonly SpoolKey[]): Buffer => {
  const wrapping = ring.find(({ kid }) => kid === header.kid);
  if (wrapping === undefined) {
    throw new SpoolDamaged('unknown-key', 'Put the key that wrapped this file back into the key ring.');
  }
  try {
    const open = createDecipheriv(ALGORITHM, wrapping.key, Buffer.from(header.iv, 'base64'))
      .setAAD(Buffer.from(header.kid))
      .setAuthTag(Buffer.from(header.tag, 'base64'));
    return Buffer.concat([open.update(Buffer.from(header.key, 'base64')), open.final()]);
  } catch {
    throw damaged('altered');
  }
};

const takeHeader = async (input: Gatherer): Promise<{ readonly header: Header; readonly aad: Buffer }> => {
  const start = await input.take(MAGIC.length + 2);
  if (start === null || !start.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged('not-a-spool-file');
  const json = await input.take(start.readUInt16BE(MAGIC.length));
  if (json === null) throw damaged('cut-short');
  return { header: parseHeader(json), aad: Buffer.concat([start, json]) };
};

/** The label as it stands there; it is what was written only where the file opens too. Throws {@link SpoolDamaged}. */
export const labelOf = async (file: AsyncIterable<Uint8Array>): Promise<unknown> => (await takeHeader(new Gatherer(file))).header.label;

/** Opens what {@link FrameSealer} sealed. Throws {@link SpoolDamaged} rather than yield a byte that was not written. */
export async function* openFrames(file: AsyncIterable<Uint8Array>, ring: readonly SpoolKey[]): AsyncGenerator<Buffer, void, void> {
  const input = new Gatherer(file);
  const { header, aad } = await takeHeader(input);
  const key = unwrap(header, ring);
  const prefix = Buffer.from(header.prefix, 'base64');

  for (let counter = 0, last = false; !last; counter += 1) {
    const word = await input.take(LENGTH_BYTES);
    if (word === null) throw damaged('cut-short');
    const length = word.readUInt32BE();
    last = length >= LAST;
    const size = last ? length - LAST : length;
    if (size > FRAME_BYTES) throw damaged('altered');
    const sealed = await input.take(size + TAG_BYTES);
    if (sealed === null) throw damaged('cut-short');
    const decipher = createDecipheriv(ALGORITHM, key, nonceOf(prefix, counter, last));
    if (counter === 0) decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(size));
    const plain = decipher.update(sealed.subarray(0, size));
    try {
      decipher.final();
    } catch {
      throw damaged('altered');
    }
    if (plain.length > 0) yield plain;
  }
  if ((await input.take(1)) !== null) throw damaged('altered');
}

/** Takes exact lengths from chunks of any length. */
class Gatherer {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held = Buffer.alloc(0);

  constructor(file: AsyncIterable<Uint8Array>) {
    this.#chunks = file[Symbol.asyncIterator]();
  }

  /** Null where the file ends before that many bytes. */
  async take(length: number): Promise<Buffer | null> {
    while (this.#held.length < length) {
      const next = await this.#chunks.next();
      if (next.done === true) return null;
      this.#held = this.#held.length === 0 ? Buffer.from(next.value) : Buffer.concat([this.#held, next.value]);
    }
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}
