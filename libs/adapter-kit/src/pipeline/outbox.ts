import { EVENT_TYPES } from '@throughline/event-contracts';
import { damaged } from '../spool/frame-cipher.js';
import type { SealedFileWriter } from '../spool/sealed-file.js';
import type { OutboxEvent } from './fact-events.js';

/** An entry: type's index (1 byte), value's length (4), key (32), value. */
const KEY_AT = 5;
const VALUE_AT = KEY_AT + 32;
const GATHER_BYTES = 64 * 1024;

/** Collects the events of one submission, in order, in its encrypted outbox. */
export class OutboxWriter {
  #pieces: Buffer[] = [];
  #length = 0;
  /** Events added. */
  total = 0;

  constructor(private readonly file: SealedFileWriter) {}

  /** Promises only when enough has gathered to be written. */
  add(event: OutboxEvent): Promise<void> | undefined {
    const head = Buffer.alloc(KEY_AT);
    head[0] = EVENT_TYPES.indexOf(event.type);
    head.writeUInt32BE(event.value.length, 1);
    this.#pieces.push(head, event.key, event.value);
    this.#length += VALUE_AT + event.value.length;
    this.total += 1;
    return this.#length < GATHER_BYTES ? undefined : this.#flush();
  }

  /** Makes the outbox last under that path. */
  async finish(path: string): Promise<void> {
    await this.#flush();
    await this.file.finish(path);
  }

  async #flush(): Promise<void> {
    const gathered = Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    await this.file.write(gathered);
  }
}

/** The events of an outbox, in order. Throws `SpoolDamaged`. */
export async function* readOutbox(file: AsyncIterable<Buffer>): AsyncGenerator<OutboxEvent, void, void> {
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of file) {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    let at = 0;
    while (held.length - at >= VALUE_AT) {
      const end = at + VALUE_AT + held.readUInt32BE(at + 1);
      if (held.length < end) break;
      const type = EVENT_TYPES[held[at] ?? -1];
      if (type === undefined) throw damaged('altered');
      yield { type, key: held.subarray(at + KEY_AT, at + VALUE_AT), value: held.subarray(at + VALUE_AT, end) };
      at = end;
    }
    held = held.subarray(at);
  }
  if (held.length > 0) throw damaged('cut-short');
}
