import { schemaPairs } from '@throughline/event-contracts/testing';
import { cutAcknowledgements } from './cut-acknowledgements.js';
import type { Drill } from './drill.js';
import { DISKS, fullDisk } from './full-disk.js';
import { leaderHunt } from './leader-hunt.js';
import { redisLoss, redisNodeLoss } from './redis-loss.js';
import { rollingUpgrade } from './rolling-upgrade.js';
import { schemaSkew } from './schema-skew.js';
import { syscallSweep } from './syscall-sweep.js';
import { zombies } from './zombies.js';

/** A drill by name: for the command line, and for whoever runs them all. */
export interface NamedDrill {
  readonly drill: Drill;
  /** What one trial is, in a few words. */
  readonly trial: string;
  /** Trials that take a minute or two. */
  readonly trials: number;
}

export const DRILLS: Readonly<Record<string, NamedDrill>> = {
  'cut-acknowledgements': { drill: cutAcknowledgements, trial: 'an acknowledgement lost with its connection', trials: 200 },
  'full-disk': { drill: fullDisk, trial: 'a disk filled under spools, Kafka, Redis or all of them, and made free again', trials: DISKS.length },
  'leader-hunt': { drill: leaderHunt, trial: 'the leader of a partition killed, every tenth with its disk wiped', trials: 10 },
  'redis-loss': { drill: redisLoss, trial: 'Redis emptied, cut off at a random byte of its file, or put back to an older copy', trials: 12 },
  'redis-node-loss': { drill: redisNodeLoss, trial: 'one node of a Redis Cluster emptied, cut off or put back, the others as they are', trials: 9 },
  'rolling-upgrade': { drill: rollingUpgrade, trial: 'a round in which every service is replaced by another process of it', trials: 3 },
  'schema-skew': { drill: schemaSkew, trial: 'a released version of a schema, and a build of any release that reads it', trials: schemaPairs().length },
  'syscall-sweep': { drill: syscallSweep, trial: 'one system call of a submission, at which the adapter is killed or the disk fails', trials: 100 },
  zombies: { drill: zombies, trial: 'an outcomes process asleep past its session, with another in its place when it wakes, while a third comes and goes', trials: 5 },
  'zombies-on-cluster': { drill: (options) => zombies({ ...options, onCluster: true }), trial: 'the same on a Redis Cluster of three nodes', trials: 5 },
};
