import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { connectFramed } from './frame-socket.js';
import { leaveRecordsUnread } from './kafkajs-fetch.js';

// TLS without certificates: both sides know a key.
const PSK = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const;
const key = Buffer.alloc(32, 7);
const clientTls = { ...PSK, checkServerIdentity: () => undefined, pskCallback: () => ({ psk: key, identity: 'test' }) };
const serverTls = { ...PSK, pskCallback: () => key };

const open: (Server | Socket)[] = [];
afterEach(() => {
  for (const each of open.splice(0)) {
    if ('destroy' in each) each.destroy();
    else each.close();
  }
});

async function serving(isTls: boolean, onConnection: (socket: Socket) => void): Promise<number> {
  const listener = (socket: Socket): void => {
    open.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  };
  const server = isTls ? createTlsServer(serverTls, listener) : createServer(listener);
  open.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function connected(port: number, isTls: boolean): Promise<Socket> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const socket = connectFramed({ host: '127.0.0.1', port, ssl: (isTls ? clientTls : undefined) as never, onConnect: resolve });
  open.push(socket);
  await promise;
  return socket;
}

function response(correlationId: number, length: number): Buffer {
  const frame = Buffer.alloc(8 + length, correlationId);
  frame.writeInt32BE(4 + length, 0);
  frame.writeInt32BE(correlationId, 4);
  return frame;
}

describe.each([
  ['plain', false],
  ['TLS', true],
])('a %s connection', (_, isTls) => {
  it('says whole responses, one at a time, and sends what is written', async () => {
    const responses = [response(1, 5), response(2, 0), response(3, 300_000), response(4, 70_000), response(5, 3)];
    const port = await serving(isTls, (socket) => socket.once('data', (asked) => asked.equals(Buffer.from('ask')) && socket.write(Buffer.concat(responses))));
    const socket = await connected(port, isTls);
    const seen: Buffer[] = [];
    const all = new Promise<void>((resolve) =>
      socket.on('data', (frame: Buffer) => {
        seen.push(Buffer.from(frame));
        if (seen.length === responses.length) resolve();
      }),
    );
    socket.write('ask');
    await all;
    expect(seen.map((frame, index) => frame.equals(responses[index]!))).toEqual([true, true, true, true, true]);
  });

  it('ends where the other side ends, also within a response', async () => {
    const port = await serving(isTls, (socket) => socket.end(response(1, 300_000).subarray(0, 1_000)));
    const socket = await connected(port, isTls);
    let seen = 0;
    socket.on('data', () => (seen += 1));
    await once(socket, 'end');
    expect(seen).toBe(0);
  });

  it('fails with the reason where what answers is no broker', async () => {
    const port = await serving(isTls, (socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const socket = await connected(port, isTls);
    socket.on('data', () => undefined);
    expect(await once(socket, 'error')).toMatchObject([{ code: 'KAFKA_REFUSED' }]);
  });
});

it('fails where nobody listens', async () => {
  const port = await serving(false, () => undefined);
  (open.pop() as Server).close();
  const socket = connectFramed({ host: '127.0.0.1', port, ssl: undefined as never, onConnect: () => undefined });
  expect(await once(socket, 'error')).toMatchObject([{ code: 'ECONNREFUSED' }]);
});

const inner = <T>(path: string): T => createRequire(import.meta.url)(`kafkajs/src/${path}`) as T;
interface ClientConnection {
  connect(): Promise<unknown>;
  disconnect(): Promise<unknown>;
  send(call: object): Promise<Buffer>;
}

it('begins anew after a connection that ended within a response', async () => {
  leaveRecordsUnread();
  const Connection = inner<new (options: object) => ClientConnection>('network/connection');
  const Encoder = inner<new () => object>('protocol/encoder');
  let connections = 0;
  const port = await serving(false, (socket) => {
    connections += 1;
    const isFirst = connections === 1;
    // The number that an answer carries is that of the request: after its size, and what is asked for in which version.
    socket.on('data', (request) => {
      const answer = response(request.readInt32BE(8), 100);
      if (isFirst) socket.end(answer.subarray(0, 50));
      else socket.write(answer);
    });
  });
  const logger = { namespace: () => logger, debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const connection = new Connection({ host: '127.0.0.1', port, logger, socketFactory: connectFramed, connectionTimeout: 5_000, requestTimeout: 5_000 });
  const ask = () =>
    connection.send({
      request: { apiKey: 18, apiVersion: 0, apiName: 'ApiVersions', encode: async () => new Encoder() },
      response: { decode: async (payload: Buffer) => payload, parse: async (payload: Buffer) => payload },
      logResponseError: false,
    });
  await connection.connect();
  await expect(ask()).rejects.toThrow('Closed connection');
  await connection.connect();
  expect(await ask()).toEqual(Buffer.alloc(100, 1));
  await connection.disconnect();
});
