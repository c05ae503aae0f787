import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { once } from 'node:events';
import { EventProducer } from './event-producer.js';

let server: Server;
beforeEach(async () => {
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => void server.close());

it('tells of an address where no Kafka answers as refused, and says what to check', async () => {
  const { port } = server.address() as AddressInfo;
  const place = `127.0.0.1:${port}`;
  const producer = new EventProducer({ brokers: [place], clientId: 'test' });
  await expect(producer.connect()).rejects.toMatchObject({ code: 'KAFKA_REFUSED', place, retryable: false, remedy: 'Give the address of a Kafka listener, and tell the client whether it speaks TLS.' });
  await producer.close();
});
