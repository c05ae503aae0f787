import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';
import type { Restarts } from './restart.js';
import type { StreamsRestore } from './streams-restore.js';

const TARGET_SECONDS = 1;

/** How long nothing is up to date after a kill -9, beside the start of a process that has nothing to take up. */
export function restartSection({ participants, waiting, bare, again }: Restarts, restores: readonly StreamsRestore[]): Section {
  const own = median(bare);
  const beyond = median(again) - own;
  const row = (name: string, seconds: readonly number[]): string[] => [name, median(seconds).toFixed(2), (median(seconds) - own).toFixed(2)];
  return {
    title: 'Started again after kill -9',
    method:
      `The outcomes service, killed while idle, with ${whole(participants)} participants in its store and all of the log taken in; referrals of ${whole(waiting)} of them come while it is down, and have to be counted. Seconds from the start of the process until it says that it can work, has its partitions, and shows figures of which nothing of the log is missing; medians of ${bare.length}, the answer checked each time. ` +
      'Bare: the same start with as many partitions of an empty log and nothing in the store, after an ordered end. A process started again at the same place takes its killed former self out of its consumer group, and does not wait for the rest of its session. The stream engine, once, over the same log: until it says that it runs, with all it had kept taken up; its first start makes its topics.',
    columns: ['', 'seconds', 'beyond the bare start'],
    rows: [
      ['bare start', own.toFixed(2), ''],
      row('started at once after kill -9', again),
      ...restores.flatMap(({ name, bare: first, free }) => [
        [`${name}: first start`, first.toFixed(2), ''],
        [`${name}: started once its group had let go of it`, free.toFixed(2), (free - first).toFixed(2)],
      ]),
    ],
    verdicts: [{ target: `caught up less than ${TARGET_SECONDS} s beyond the process’s own start`, measured: `${beyond.toFixed(2)} s`, met: beyond < TARGET_SECONDS }],
  };
}
