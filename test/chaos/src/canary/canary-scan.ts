/** A way in which a value may stand in bytes. */
export type Encoding = 'raw' | 'upper' | 'lower' | 'spaces left out' | 'URL' | 'base64' | 'base64url' | 'hex' | 'UTF-16';

/** A canary that was found where none may be. */
export interface Sighting {
  readonly canary: string;
  readonly encoding: Encoding;
  /** Byte at which it begins. */
  readonly at: number;
}

interface Pattern {
  readonly canary: string;
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/** What is shorter is found by chance in a few megabytes of hashes. */
const SHORTEST = 6;

/** Characters by which a base64 text of a value begins and ends differently, after the byte it begins at (0 to 2). */
const MIXED_IN_FRONT = [0, 2, 3] as const;

/**
 * A value's base64 inside a longer text: it depends on where in a group of three bytes the value begins, so three forms,
 * each without the characters that hold bits of a neighbour.
 */
function base64Forms(value: Buffer): string[] {
  return MIXED_IN_FRONT.map((front, phase) => {
    const whole = Buffer.concat([Buffer.alloc(phase), value]).toString('base64').replaceAll('=', '');
    return whole.slice(front, (phase + value.length) % 3 === 0 ? undefined : -1);
  });
}

function patternsOf(canary: string): Pattern[] {
  const spellings: readonly (readonly [Encoding, string])[] = [
    ['raw', canary],
    ['upper', canary.toUpperCase()],
    ['lower', canary.toLowerCase()],
    ['spaces left out', canary.replaceAll(' ', '')],
  ];
  const found = new Map<string, Pattern>();
  const add = (encoding: Encoding, bytes: Buffer): void => {
    const key = bytes.toString('latin1');
    if (bytes.length >= SHORTEST && !found.has(key)) found.set(key, { canary, encoding, bytes });
  };
  for (const [encoding, text] of spellings) add(encoding, Buffer.from(text));
  for (const [, text] of spellings) {
    const bytes = Buffer.from(text);
    add('URL', Buffer.from(encodeURIComponent(text)));
    // A form writes spaces as + and leaves fewer signs as they are.
    add('URL', Buffer.from(new URLSearchParams({ q: text }).toString().slice('q='.length)));
    for (const form of base64Forms(bytes)) {
      add('base64', Buffer.from(form));
      add('base64url', Buffer.from(form.replaceAll('+', '-').replaceAll('/', '_')));
    }
    add('hex', Buffer.from(bytes.toString('hex')));
    add('hex', Buffer.from(bytes.toString('hex').toUpperCase()));
    add('UTF-16', Buffer.from(text, 'utf16le'));
  }
  return [...found.values()];
}

/**
 * Looks for many values in all their forms in one pass over the bytes.
 *
 * It does not see what is compressed or encrypted, nor a number kept as a binary integer.
 */
export class CanaryScan {
  /** By the first four bytes. */
  readonly #byStart = new Map<number, Pattern[]>();
  /** Whether any pattern begins with these two bytes: rules out nearly every place at once. */
  readonly #begins = new Uint8Array(0x1_0000);

  /** @throws RangeError for a canary too short to be told from chance */
  constructor(canaries: Iterable<string>) {
    for (const canary of canaries) {
      if (canary.replaceAll(' ', '').length < SHORTEST) throw new RangeError(`a canary has fewer than ${SHORTEST} characters`);
      for (const pattern of patternsOf(canary)) {
        const start = pattern.bytes.readUInt32LE(0);
        this.#byStart.set(start, [...(this.#byStart.get(start) ?? []), pattern]);
        this.#begins[pattern.bytes.readUInt16LE(0)] = 1;
      }
    }
  }

  /** Every form of every canary that stands in the bytes. */
  look(bytes: Buffer): Sighting[] {
    const sightings: Sighting[] = [];
    for (let at = 0; at + SHORTEST <= bytes.length; at += 1) {
      if (this.#begins[(bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8)] === 0) continue;
      for (const { canary, encoding, bytes: form } of this.#byStart.get(bytes.readUInt32LE(at)) ?? []) {
        if (form.equals(bytes.subarray(at, at + form.length))) sightings.push({ canary, encoding, at });
      }
    }
    return sightings;
  }
}
