import type { ISocketFactoryArgs } from 'kafkajs';
import { connect, isIP } from 'node:net';
import type { OnReadOpts, Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { ResponseFrames } from './response-frames.js';
import { spareMemory } from './spare-memory.js';

const KEEP_ALIVE_DELAY_MS = 60_000;

/**
 * A connection for kafkajs, of which each `data` is one whole response, its size before it. From the client's own, chunks
 * come in memory of their own and are then put together in more of it. A connection begins with nothing: the client kept
 * what one had left of a response, and put before it what the next one brought.
 */
export function connectFramed({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const frames = new ResponseFrames(spareMemory, (frame) => socket.emit('data', frame));
  const onread: OnReadOpts = {
    buffer: () => frames.space(),
    callback: (bytes) => {
      try {
        frames.take(bytes);
        return true;
      } catch (error) {
        socket.destroy(error as Error);
        return false;
      }
    },
  };
  // As the client itself connects; its types say that `ssl` is always there.
  const socket: Socket = ssl ? connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...ssl, ...{ onread } }, onConnect) : connect({ host, port, onread }, onConnect);
  socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
  return socket;
}
