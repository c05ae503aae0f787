import { saying, startContender } from '../process/contender.js';
import type { TimelineContender } from './timeline-contender.js';

/** The least that any consumer on this client costs. */
export const drain: TimelineContender = {
  name: 'kafkajs eachBatch that does nothing',
  role: 'ceiling',
  targets: { every: null, fifth: null },
  shortLog: false,
  async start({ root, log, id }) {
    const { child, said } = await startContender(root, 'test/bench/src/peers/no-op-drain.ts', [log.brokers, id, String(log.records), log.topics.join(',')]);
    return {
      processes: { drain: child.pid },
      half: said(saying('half')),
      done: said(saying('done')).then(({ seen }) => {
        if (seen !== log.records) throw new Error(`The drain saw ${String(seen)} of ${log.records} events.`);
      }),
      cells: null,
      async stop() {
        child.kill();
        await child.exited;
      },
    };
  },
};
