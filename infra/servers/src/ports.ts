import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { LocalError } from './local-error.js';

function listen(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(taken));
    });
  });
}

/** Below those that systems take for connections they open: one of these would be gone by the time a server starts. */
const PORTS = { from: 20_000, count: 12_000 } as const;
const given = new Set<number>();

/** A loopback port that nobody listens on now, another each time. */
export async function freePort(): Promise<number> {
  while (given.size < PORTS.count) {
    const port = PORTS.from + randomInt(PORTS.count);
    if (given.has(port)) continue;
    given.add(port);
    if (await listen(port).then(() => true, () => false)) return port;
  }
  return listen(0);
}

/**
 * Checks that a loopback port can be listened on.
 *
 * @param user who wants it, as it reads in the error ("Kafka", "nhs-adapter")
 * @param setting the environment variable that moves it
 * @throws LocalError `PORT_TAKEN`
 */
export async function requireFreePort(port: number, user: string, setting: string): Promise<void> {
  try {
    await listen(port);
  } catch (cause) {
    throw new LocalError(
      'PORT_TAKEN',
      `Port ${port}, which ${user} needs, is in use by another program`,
      `stop that program, or choose another port with ${setting}=<port>`,
      { cause },
    );
  }
}
