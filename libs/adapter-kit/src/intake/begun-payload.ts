/** A payload whose beginning is here. */
export interface BegunPayload {
  /** Whether that was all of it. */
  readonly whole: boolean;
  /** All of it, the beginning first. To be read once. */
  readonly payload: AsyncIterable<Uint8Array>;
  /** Lets go of what was not read. Safe to call at any time. */
  readonly end: () => Promise<void>;
}

/** Takes a payload's first chunks, until there are more than that many bytes or no more come. */
export const beginPayload = async (source: AsyncIterable<Uint8Array>, bytes: number): Promise<BegunPayload> => {
  const chunks = source[Symbol.asyncIterator]();
  const end = async (): Promise<void> => {
    await chunks.return?.();
  };
  const head: Uint8Array[] = [];
  let held = 0;
  let whole = false;
  try {
    while (held <= bytes && !whole) {
      const next = await chunks.next();
      if (next.done === true) whole = true;
      else {
        // A chunk may be a small window on a large buffer.
        head.push(Buffer.from(next.value));
        held += next.value.length;
      }
    }
  } catch (error) {
    await end();
    throw error;
  }
  const payload = async function* (): AsyncGenerator<Uint8Array, void, void> {
    yield* head.splice(0);
    for (let next = whole ? null : await chunks.next(); next !== null && next.done !== true; next = await chunks.next()) yield next.value;
  };
  return { whole, payload: payload(), end };
};
