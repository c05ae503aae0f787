import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Figure, Section } from '../report/section.js';
import type { KeyUpdates } from './key-updates.js';
import type { MeasuredRun } from './measured-run.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { TimelineContender } from './timeline-contender.js';
import { middle, perMillion, rate, SHARES } from './timelines-section.js';
import type { Runs } from './timelines-section.js';

/** How much of the events a second may go to having everything on the disk. */
const SYNC_SHARE = 0.05;

const cpu = perMillion('cpuSeconds');
const redis = perMillion('redisSeconds');
const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** What ours is bound by, and what it costs under other conditions: beside the drain and beside Redis alone. */
export function limitsSection(log: PublishedTimelines, runs: Runs, keyUpdates: readonly KeyUpdates[]): Section {
  const { participants, variant } = log.workload;
  const ceiling = of(runs, 'ceiling');
  const ours = of(runs, 'ours');
  const conditions = [...runs].filter(([{ role }]) => role === 'condition');
  const drained = middle(ceiling[1], 'cold', rate);
  const updated = median(keyUpdates.map(({ updates, seconds }) => updates / seconds));
  const updateCost = median(keyUpdates.map(({ updates, cpuSeconds }) => (cpuSeconds / updates) * 1e6));
  const held = (own: readonly MeasuredRun[], bytes: (stored: { readonly before: number; readonly after: number }) => number): string =>
    whole(median(own.flatMap(({ stored }) => (stored === null ? [] : [bytes(stored)]))) / participants);
  return {
    title: `What bounds it: ${SHARES[variant]}`,
    method:
      'The same log, from the start of the process to the stored answer, in turn with the runs above. Of the drain: of the events a second of a consumer on stock kafkajs that does nothing. ' +
      `Of Redis: of the distinct keys a second that the same Redis updates in scripts of 1,000 when it has nothing else to do (${whole(keyUpdates[0]?.updates ?? 0)} updates, appendfsync always), as if each event were one. ` +
      'Two processes share the core as they share the partitions, and read from the store what the other has of a participant. Bytes per participant: memory of Redis with the answer in it, and the part of it that was there before, who is who; their facts, figures and cells are the rest.',
    columns: ['', 'events/s', 'of the drain', 'of Redis', 'CPU-s per million', 'of it Redis', 'bytes per participant', 'of it who is who'],
    rows: [
      [ceiling[0].name, whole(drained), '', '', middle(ceiling[1], 'cold', cpu).toFixed(1), '', '', ''],
      ['Redis alone, keys updated in scripts', whole(updated), '', '', updateCost.toFixed(1), updateCost.toFixed(1), '', ''],
      ...[ours, ...conditions].map(([{ name }, own]) => [
        own.length < ours[1].length ? `${name} (once)` : name,
        whole(middle(own, 'cold', rate)),
        percent(middle(own, 'cold', rate) / drained),
        percent(middle(own, 'cold', rate) / updated),
        middle(own, 'cold', cpu).toFixed(1),
        middle(own, 'cold', redis).toFixed(1),
        held(own, ({ after }) => after),
        held(own, ({ before }) => before),
      ]),
    ],
    verdicts: conditions
      .filter(([{ name }]) => name.includes('appendfsync no'))
      .map(([, own]) => {
        const share = middle(ours[1], 'cold', rate) / middle(own, 'cold', rate);
        return {
          target: `with everything synced (appendfsync always) at least ${percent(1 - SYNC_SHARE)} of the events a second with nothing synced`,
          measured: percent(share),
          met: share >= 1 - SYNC_SHARE,
        };
      }),
    figures: conditions.map(([{ name }, own]): Figure => ({
      workload: `${SHARES[variant]}, whole log`,
      contender: name,
      phase: 'cold',
      eventsPerSecond: Math.round(middle(own, 'cold', rate)),
      cpuSecondsPerMillion: Number(middle(own, 'cold', cpu).toFixed(3)),
      ratio: null,
      target: null,
      reached: null,
    })),
  };
}

function of(runs: Runs, role: TimelineContender['role']): readonly [TimelineContender, readonly MeasuredRun[]] {
  const found = [...runs].find(([contender]) => contender.role === role);
  if (found === undefined) throw new TypeError(`Nobody of role ${role} ran.`);
  return found;
}
