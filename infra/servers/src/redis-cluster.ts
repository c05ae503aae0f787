import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { PartsOptions } from './parts/parts.js';
import { freePort } from './ports.js';
import { startRedis } from './redis-server.js';
import type { RedisServer } from './redis-server.js';
import { waitFor } from './wait-for.js';

export interface RedisClusterOptions {
  readonly parts: PartsOptions;
  /** Each node has a folder in it. */
  readonly dataDir: string;
  /** Nodes, each with a part of the slots and no replica. Default 3. */
  readonly nodes?: number;
}

/** A Redis or Valkey Cluster of this process's own, on loopback. */
export interface RedisCluster {
  /** Names all nodes: `redis-cluster://…`. */
  readonly url: string;
  readonly nodes: readonly ClusterNode[];
  readonly stop: () => Promise<void>;
}

/** One node; what it is called and which slots it has stay the same over a restart. */
export interface ClusterNode {
  readonly dataDir: string;
  /** kill -9. Resolves when it is gone. */
  readonly kill: () => Promise<void>;
  /** Starts it on what its folder holds. Resolves when it answers; the others meet it again by themselves. */
  readonly restart: () => Promise<void>;
}

const SLOTS = 16_384;

/** @throws LocalError `REDIS_MISSING`, `SERVER_FAILED`, `TIMED_OUT` */
export async function startRedisCluster({ parts, dataDir, nodes: count = 3 }: RedisClusterOptions): Promise<RedisCluster> {
  const servers: RedisServer[] = [];
  const launch = async (index: number, port: number, busPort: number): Promise<RedisServer> => {
    const server = await startRedis({
      parts,
      dataDir: join(dataDir, `node-${index}`),
      port,
      settings: { 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf', 'cluster-port': String(busPort), 'cluster-node-timeout': '2000' },
    });
    servers[index] = server;
    return server;
  };
  const stop = async (): Promise<void> => void (await Promise.all(servers.map((server) => server.stop())));
  try {
    const nodes: (ClusterNode & { readonly port: number; readonly busPort: number })[] = [];
    for (let index = 0; index < count; index += 1) {
      const [port, busPort] = [await freePort(), await freePort()];
      const { dataDir: folder } = await launch(index, port, busPort);
      nodes.push({
        port,
        busPort,
        dataDir: folder,
        async kill() {
          servers[index]!.kill();
          await servers[index]!.exited;
        },
        restart: async () => void (await launch(index, port, busPort)),
      });
    }
    const share = Math.ceil(SLOTS / count);
    const [first] = nodes;
    for (const [index, { port, busPort }] of nodes.entries()) {
      await answerOf(port, `CLUSTER ADDSLOTSRANGE ${index * share} ${Math.min(SLOTS, (index + 1) * share) - 1}`);
      if (index > 0) await answerOf(first!.port, `CLUSTER MEET 127.0.0.1 ${port} ${busPort}`);
    }
    await waitFor(
      async () => {
        const states = await Promise.all(nodes.map(({ port }) => answerOf(port, 'CLUSTER INFO')));
        return states.every((state) => state.includes('cluster_state:ok') && state.includes(`cluster_size:${count}`));
      },
      { what: 'the nodes of a Redis Cluster to know each other', timeoutMs: 60_000 },
    );
    return { url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** One command's answer as it comes over the wire; what is asked here is answered in one piece. */
function answerOf(port: number, command: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, timeout: 5_000 });
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error(`no answer to ${command}`)));
    socket.once('data', (data) => {
      socket.destroy();
      const answer = data.toString();
      if (answer.startsWith('-')) reject(new Error(`${command}: ${answer.trim()}`));
      else resolve(answer);
    });
    socket.write(`${command}\r\n`);
  });
}
