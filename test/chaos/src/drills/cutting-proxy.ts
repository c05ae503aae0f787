import { createConnection, createServer } from 'node:net';
import type { Socket } from 'node:net';

const PRODUCE = 0;

/**
 * What becomes of a produce request: it is answered; it is taken in and its answer kept back, or begun and never ended; or it
 * never arrives. The last three look alike to whoever sent it, or nearly so.
 */
export type Fate = 'answered' | 'unanswered' | 'torn' | 'lost';

export interface CuttingProxyOptions {
  /** Where it is connected on to, on loopback. */
  readonly brokerPort: number;
  /** Where it listens on loopback. */
  readonly port: number;
  /** Asked for every produce request. Whatever is not answered ends the connection. */
  readonly fateOf: () => Fate;
}

/** Stands between clients and one broker, and takes away acknowledgements. */
export interface CuttingProxy {
  /** Produce requests so far that were not answered for its sake. */
  readonly cuts: () => number;
  readonly stop: () => Promise<void>;
}

export async function startCuttingProxy({ brokerPort, port, fateOf }: CuttingProxyOptions): Promise<CuttingProxy> {
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const broker = createConnection({ host: '127.0.0.1', port: brokerPort });
    const end = (): void => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => {
        sockets.delete(socket);
        end();
      });
      socket.once('error', end);
    }
    /** By correlation id, of produce requests that wait for their answer. */
    const fates = new Map<number, Fate>();
    const requests = new Frames();
    client.on('data', (bytes) => {
      for (const frame of requests.take(bytes)) {
        const fate = frame.readInt16BE(4) === PRODUCE ? fateOf() : 'answered';
        if (fate !== 'answered') cuts += 1;
        if (fate === 'lost') return end();
        fates.set(frame.readInt32BE(8), fate);
        broker.write(frame);
      }
    });
    const answers = new Frames();
    broker.on('data', (bytes) => {
      for (const frame of answers.take(bytes)) {
        const id = frame.readInt32BE(4);
        const fate = fates.get(id);
        fates.delete(id);
        if (fate === 'unanswered') return end();
        if (fate === 'torn') {
          client.end(frame.subarray(0, frame.length - 1));
          broker.destroy();
          return;
        }
        client.write(frame);
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    cuts: () => cuts,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Kafka's frames of a stream: a length of four bytes, then so many. */
class Frames {
  #rest: Buffer = Buffer.alloc(0);

  take(bytes: Buffer): Buffer[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    const whole: Buffer[] = [];
    while (this.#rest.length >= 4) {
      const end = 4 + this.#rest.readInt32BE(0);
      if (this.#rest.length < end) break;
      whole.push(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end);
    }
    return whole;
  }
}
