import fc from 'fast-check';
import { createRequire } from 'node:module';
import { ResponseFrames } from './response-frames.js';
import { SpareMemory } from './spare-memory.js';

// The client's own, as it comes: what ours must be equal to.
const StockConnection = createRequire(import.meta.url)('kafkajs/src/network/connection') as { readonly prototype: { processData(this: object, data: Buffer): void } };

/** Responses as the client makes them of the bytes, in these chunks. */
function stockResponses(chunks: readonly Buffer[]): string[] {
  const responses: string[] = [];
  const fulfillRequest = ({ size, correlationId, payload }: { size: number; correlationId: number; payload: Buffer }) =>
    responses.push(`${size} ${correlationId} ${payload.toString('hex')}`);
  const connection = { authHandlers: null, chunks: [], bytesBuffered: 0, bytesNeeded: 4, requestQueue: { fulfillRequest } };
  for (const chunk of chunks) StockConnection.prototype.processData.call(connection, chunk);
  return responses;
}

const told = (frame: Buffer): string => `${frame.readInt32BE(0)} ${frame.readInt32BE(4)} ${frame.subarray(8).toString('hex')}`;

/** Puts bytes where they are wanted, at most so many at a time, as a socket does. */
function put(frames: ResponseFrames, bytes: Buffer, most: () => number): void {
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.copy(frames.space(), 0, at, Math.min(bytes.length, at + most()));
    frames.take(count);
    at += count;
  }
}

function response(correlationId: number, length: number): Buffer {
  const frame = Buffer.alloc(8 + length, correlationId);
  frame.writeInt32BE(4 + length, 0);
  frame.writeInt32BE(correlationId, 4);
  return frame;
}

// Some are longer than what is read at once, so that their bytes come in several parts.
const lengths = fc.array(fc.oneof({ weight: 4, arbitrary: fc.nat(300) }, { weight: 1, arbitrary: fc.integer({ min: 60_000, max: 140_000 }) }), { minLength: 1, maxLength: 12 });
const RUNS = 300;

it('hands on the responses that the client makes of the same bytes, however they are cut', () => {
  fc.assert(
    fc.property(lengths, fc.array(fc.oneof(fc.integer({ min: 1, max: 9 }), fc.integer({ min: 1, max: 100_000 })), { minLength: 1, maxLength: 20 }), (each, sizes) => {
      const bytes = Buffer.concat(each.map((length, index) => response(index, length)));
      const chunks: Buffer[] = [];
      for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
        const size = sizes[turn % sizes.length]!;
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const memory = new SpareMemory();
      const seen: string[] = [];
      const frames = new ResponseFrames(memory, (frame) => {
        seen.push(told(frame));
        // As one that was read: the next may come to lie there.
        frame.fill(0xdb);
        memory.giveBack(frame.buffer);
      });
      let turn = 0;
      put(frames, bytes, () => sizes[turn++ % sizes.length]!);
      expect(seen).toEqual(stockResponses(chunks));
    }),
    { numRuns: RUNS },
  );
});

it('hands a response on as soon as its last byte is there', () => {
  const seen: string[] = [];
  const frames = new ResponseFrames(new SpareMemory(), (frame) => seen.push(told(frame)));
  const [short, long] = [response(1, 10), response(2, 100_000)];
  put(frames, short.subarray(0, -1), () => 5);
  expect(seen).toEqual([]);
  put(frames, short.subarray(-1), () => 1);
  expect(seen).toEqual([told(short)]);
  put(frames, long.subarray(0, -1), () => 70_000);
  expect(seen).toHaveLength(1);
  put(frames, long.subarray(-1), () => 1);
  expect(seen).toEqual([told(short), told(long)]);
});

it('has the bytes of a long response put where they stay', () => {
  let whole: Buffer | undefined;
  const frames = new ResponseFrames(new SpareMemory(), (frame) => (whole = frame));
  const long = response(1, 200_000);
  put(frames, long.subarray(0, 100), () => 100);
  const space = frames.space();
  expect(space).toHaveLength(long.length - 100);
  put(frames, long.subarray(100), () => 200_000);
  expect(whole?.buffer).toBe(space.buffer);
});

it.each([
  ['a TLS alert', Buffer.from('15030300020228', 'hex')],
  ['a web server', Buffer.from('HTTP/1.1 400 Bad Request\r\n')],
  ['less than nothing', Buffer.from('ffffffff', 'hex')],
])('takes no memory for what no broker says: %s', (_, bytes) => {
  const frames = new ResponseFrames(new SpareMemory(), () => undefined);
  let refused: unknown;
  try {
    put(frames, bytes, () => bytes.length);
  } catch (error) {
    refused = error;
  }
  expect(refused).toMatchObject({ code: 'KAFKA_REFUSED' });
});
