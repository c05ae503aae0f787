import { canPin } from '../process/machine.js';
import { median } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Figure, Section, Verdict } from '../report/section.js';
import type { Cost, MeasuredRun, Phase } from './measured-run.js';
import type { PublishedTimelines } from './published-timelines.js';
import type { Target, TimelineContender } from './timeline-contender.js';
import { changesOf } from './words.js';
import { subjectCount } from './workload.js';

/** What each contender’s runs cost. */
export type Runs = ReadonlyMap<TimelineContender, readonly MeasuredRun[]>;

const PHASES = { cold: 'cold', secondHalf: 'second half' } as const satisfies Record<Phase, Figure['phase']>;
/** What the variants of a log are called. */
export const SHARES = { every: 'every event changes something', fifth: 'one event in five changes anything' };

/** The median of something over runs. */
export const middle = (runs: readonly MeasuredRun[], phase: Phase, of: (cost: Cost) => number): number => median(runs.map((run) => of(run[phase])));
/** Events a second. */
export const rate = ({ events, seconds }: Cost): number => events / seconds;
/** Seconds on the processor for a million events. */
export const perMillion =
  (seconds: keyof Pick<Cost, 'cpuSeconds' | 'redisSeconds' | 'brokerSeconds'>) =>
  (cost: Cost): number =>
    (cost[seconds] / cost.events) * 1e6;
const cpu = perMillion('cpuSeconds');

/** Table, verdicts and figures of one log. */
export function timelinesSection(log: PublishedTimelines, short: PublishedTimelines, all: Runs): Section {
  const { workload } = log;
  const runs: Runs = new Map([...all].filter(([{ role }]) => role !== 'condition'));
  const share = SHARES[workload.variant];
  const rounds = Math.max(...[...runs.values()].map(({ length }) => length));
  return {
    title: `One person, one timeline: ${share}`,
    method:
      `${whole(log.records)} events of the contract’s own kinds and bytes, on ${log.topics.length} partners’ topics of ${workload.partitions} partitions, about ${whole(subjectCount(workload))} subjects who are ${whole(workload.participants)} participants, who is who known beforehand; ` +
      `${changesOf(workload)} of the ${workload.events} events about a subject change its timeline, ${workload.variant === 'every' ? 'new facts, corrections and withdrawals' : 'the rest are exact repeats and older revisions'}. ` +
      'Everybody keeps, from an empty store, the greatest revision of each fact and from all facts of a participant three figures by month (the platform under its rules 2026.1, by all that its cells tell apart): referrals that count, programmes whose support started (each once a month, whoever tells), learning aims started (each once a start date, whoever tells). The platform computes each participant as a joint function of all their facts, in the same run beside everybody; of the stream engine only the form that is told whole timelines does. Every answer was checked, cell by cell. ' +
      `${rounds} ${rounds === 1 ? 'run' : 'interleaved runs'}, medians${[...runs.values()].some(({ length }) => length < rounds) ? ' (once: one run)' : ''}. ${canPin() ? 'The broker on one core, the contender and its store on another. ' : 'Nobody was kept to a core: this machine has no taskset or one core. '}` +
      `Cold: from the start of the process to the stored answer; second half: from the half of its input. CPU-s: of the contender and, where it has one, Redis (appendfsync always) with its children; the broker’s apart. Short: ${whole(short.records)} events about ${whole(short.workload.participants)} participants.`,
    columns: ['', 'events/s', 'CPU-s per million', 'of it Redis', 'broker', 'second half: events/s', 'CPU-s per million'],
    rows: [...runs].map(([{ name, shortLog }, own]) => [
      [name, ...(shortLog ? ['(short)'] : []), ...(own.length < rounds ? ['(once)'] : [])].join(' '),
      whole(middle(own, 'cold', rate)),
      middle(own, 'cold', cpu).toFixed(1),
      middle(own, 'cold', perMillion('redisSeconds')).toFixed(1),
      middle(own, 'cold', perMillion('brokerSeconds')).toFixed(1),
      whole(middle(own, 'secondHalf', rate)),
      middle(own, 'secondHalf', cpu).toFixed(1),
    ]),
    verdicts: verdicts(log, runs),
    figures: [...runs].flatMap(([contender, own]) => Object.keys(PHASES).map((phase) => figure(log, runs, contender, own, phase as Phase))),
  };
}

const ours = (runs: Runs): readonly MeasuredRun[] | undefined => [...runs].find(([{ role }]) => role === 'ours')?.[1];

/** How many times less of the processor ours takes; null where it did not run or is the one asked about. */
function ratioTo(runs: Runs, { role }: TimelineContender, theirs: readonly MeasuredRun[], phase: Phase): number | null {
  const own = ours(runs);
  return own === undefined || role === 'ours' ? null : middle(theirs, phase, cpu) / middle(own, phase, cpu);
}

const targetOf = ({ targets }: TimelineContender, { workload }: PublishedTimelines): Target | null => targets[workload.variant] ?? null;

function figure(log: PublishedTimelines, runs: Runs, contender: TimelineContender, own: readonly MeasuredRun[], phase: Phase): Figure {
  const ratio = ratioTo(runs, contender, own, phase);
  const target = targetOf(contender, log)?.[phase] ?? null;
  return {
    workload: `${SHARES[log.workload.variant]}, ${contender.shortLog ? 'short' : 'whole'} log`,
    contender: contender.name,
    phase: PHASES[phase],
    eventsPerSecond: Math.round(middle(own, phase, rate)),
    cpuSecondsPerMillion: Number(middle(own, phase, cpu).toFixed(3)),
    ratio: ratio === null ? null : Number(ratio.toFixed(2)),
    target,
    reached: ratio === null || target === null ? null : ratio >= target,
  };
}

/** Beside the best form of the stream engine and beside each peer, wherever a target is set. */
function verdicts(log: PublishedTimelines, runs: Runs): Verdict[] {
  return (Object.keys(PHASES) as Phase[]).flatMap((phase) => {
    const bars = [...runs].filter(([{ role }]) => role === 'bar').sort(([, a], [, b]) => middle(a, phase, cpu) - middle(b, phase, cpu));
    const peers = [...runs].filter(([{ role }]) => role === 'peer');
    return [...bars.slice(0, 1), ...peers].flatMap(([contender, own]) => {
      const target = targetOf(contender, log)?.[phase] ?? null;
      const ratio = ratioTo(runs, contender, own, phase);
      if (target === null || ratio === null) return [];
      const where = phase === 'cold' ? 'from the start of the process' : 'in the second half';
      return [
        {
          target: `at least ${target} times as much per CPU-second as ${contender.role === 'bar' ? `the best form of the stream engine (${contender.name})` : contender.name}${contender.shortLog ? ' (over the short log)' : ''} ${where}`,
          measured: `${ratio.toFixed(1)} times`,
          met: ratio >= target,
        },
      ];
    });
  });
}
