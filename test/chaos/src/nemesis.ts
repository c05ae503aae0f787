import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partitionReplicas } from '@throughline/event-bus';
import { waitFor } from '@throughline/local';
import type { KafkaCluster } from '@throughline/servers';
import { isBroker, REDIS, strikeText } from './fault.js';
import type { Strike } from './fault.js';
import type { Keeper } from './keeper.js';

export interface NemesisOptions {
  readonly keeper: Keeper;
  readonly kafka: KafkaCluster;
  /** Redis's own folder. */
  readonly redisDir: string;
  /** Where an older copy of what Redis keeps is put aside. */
  readonly olderDir: string;
  readonly signal: AbortSignal;
}

const APPENDED = 'appendonlydir';

/** Does to processes, and to what they keep, what a plan says. */
export class Nemesis {
  constructor(private readonly options: NemesisOptions) {}

  /** Before a broker loses its disk, every partition has to be in sync: what it alone had acknowledged nobody could copy. */
  async prepare(strikes: readonly Strike[]): Promise<void> {
    if (strikes.some(({ target, harm }) => isBroker(target) && harm === 'wiped')) await allInSync(this.options.kafka.brokers, this.options.signal);
  }

  /** Strikes all at one moment. Resolves when those killed are gone and what they kept is as it is to be. */
  async strike(strikes: readonly Strike[]): Promise<void> {
    const { keeper } = this.options;
    const [asleep, killed] = [strikes.filter(({ harm }) => harm === 'paused'), strikes.filter(({ harm }) => harm !== 'paused')];
    await Promise.all([keeper.killAndHold(killed.map(({ target }) => target)), ...asleep.map(({ target }) => keeper.putToSleep(target))]);
    for (const strike of killed) {
      if (strike.target === REDIS) await this.#harmRedis(strike);
      else if (strike.harm === 'wiped') await this.#broker(strike).wipe();
    }
  }

  /** Lets it go on. Resolves when it can work. */
  async relent({ target, harm }: Strike): Promise<void> {
    if (harm === 'paused') this.options.keeper.wake(target);
    else await this.options.keeper.release(target);
  }

  async #harmRedis({ harm }: Strike): Promise<void> {
    const { redisDir, olderDir } = this.options;
    const [present, older] = [join(redisDir, APPENDED), join(olderDir, APPENDED)];
    if (harm === 'killed') {
      await rm(older, { recursive: true, force: true });
      await cp(present, older, { recursive: true });
      return;
    }
    await rm(present, { recursive: true, force: true });
    // As a plan kills it before anything else, there is one.
    if (harm === 'put back') await cp(older, present, { recursive: true });
  }

  #broker(strike: Strike) {
    const node = this.options.kafka.nodes.find(({ name }) => name === strike.target);
    if (node === undefined) throw new TypeError(`nothing keeps what ${strikeText(strike)} would take`);
    return node;
  }
}

/** Waits until every partition has all of its replicas in sync. */
export async function allInSync(brokers: string, signal?: AbortSignal): Promise<void> {
  await waitFor(
    async () => {
      const partitions = await partitionReplicas({ brokers: brokers.split(',') }, /./);
      // A cluster that tells of none yet is one that has not come to itself.
      return partitions.length > 0 && partitions.every(({ replicas, inSync }) => inSync.length === replicas.length);
    },
    { what: 'every partition to be in sync', timeoutMs: 300_000, everyMs: 250, ...(signal === undefined ? {} : { signal }) },
  );
}
