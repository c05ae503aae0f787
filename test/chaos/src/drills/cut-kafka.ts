import { freePort, silentProgress } from '@throughline/local';
import { defaultCacheDir, startKafka } from '@throughline/servers';
import type { KafkaServer } from '@throughline/servers';
import { startCuttingProxy } from './cutting-proxy.js';
import type { CuttingProxy, Fate } from './cutting-proxy.js';

/** A broker that some clients reach through a proxy which cuts acknowledgements. */
export interface CutKafka {
  readonly kafka: KafkaServer;
  /** For those whose acknowledgements are cut; `kafka.brokers` is for everybody else. */
  readonly cutBrokers: string;
  readonly proxy: CuttingProxy;
  readonly stop: () => Promise<void>;
}

/** The proxy's own listener advertises the proxy, so that no client finds a way past it. */
export async function startCutKafka(dataDir: string, fateOf: () => Fate): Promise<CutKafka> {
  const [port, controllerPort, behindProxy, proxyPort] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const at = (name: string, where: number): string => `${name}://127.0.0.1:${where}`;
  const kafka = await startKafka({
    parts: { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress },
    dataDir,
    port,
    controllerPort,
    settings: {
      listeners: [at('CLIENT', port), at('CONTROLLER', controllerPort), at('CUT', behindProxy)].join(','),
      'advertised.listeners': [at('CLIENT', port), at('CONTROLLER', controllerPort), at('CUT', proxyPort)].join(','),
      'listener.security.protocol.map': 'CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT,CUT:PLAINTEXT',
    },
  });
  try {
    const proxy = await startCuttingProxy({ brokerPort: behindProxy, port: proxyPort, fateOf });
    return {
      kafka,
      cutBrokers: `127.0.0.1:${proxyPort}`,
      proxy,
      async stop() {
        await proxy.stop();
        await kafka.stop();
      },
    };
  } catch (error) {
    await kafka.stop();
    throw error;
  }
}
