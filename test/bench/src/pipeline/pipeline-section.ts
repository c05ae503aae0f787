import { median, percentile } from '../report/median.js';
import { whole } from '../report/section.js';
import type { Section } from '../report/section.js';
import type { Latencies } from './latency.js';
import type { PipelineRun } from './pipeline-run.js';

const VISIBLE_WITHIN_MS = 2_000;
const UNDER_LOAD_P99_MS = 100;
/** Of the load asked for, that has to have come; and probes, for one in a hundred to be the slowest of several. */
const LEAST_SHARE_OF_LOAD = 0.95;
const LEAST_PROBES = 100;

/** The stage of the pipeline that a process is. */
const stageOf = (process: string): string => (process.endsWith('-adapter') ? 'the adapters' : process);

/** What may bound the pipeline where nothing is left to gain in it: nobody’s own code. */
const GIVEN = new Set(['Kafka', 'Redis']);

export const eventsPerSecond = (runs: readonly PipelineRun[]): number => median(runs.map(({ events, seconds }) => events / seconds));

/** Events a second through the whole of it, and who was busy. */
export function pipelineSection(people: number, cores: number, runs: readonly PipelineRun[]): Section {
  const processes = Object.keys(runs[0]!.cpuByProcess);
  const perMillion = (process: string): number => median(runs.map(({ events, cpuByProcess }) => (cpuByProcess[process]! / events) * 1e6));
  const ofCore = (process: string): number => median(runs.map(({ seconds, cpuByProcess }) => cpuByProcess[process]! / seconds));
  const stages = new Map<string, number>();
  for (const process of processes) stages.set(stageOf(process), (stages.get(stageOf(process)) ?? 0) + ofCore(process));
  const total = [...stages.values()].reduce((sum, share) => sum + share, 0);
  const [busiest, share] = [...stages].sort(([, a], [, b]) => b - a)[0]!;
  const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
  return {
    title: 'The whole pipeline',
    method:
      `All files of ${whole(people)} invented people (${whole(runs[0]!.events)} facts and identifiers) sent by their partners at once to a platform that holds nothing, on all ${cores} cores, which everybody shares: adapters, Kafka, linkage, outcomes, Redis (appendfsync always) and who sends. ` +
      `From the first request until a cut over all of it is taken; ${runs.length === 1 ? 'one run' : `medians of ${runs.length}`}, each on a new platform. CPU-s: per million of these events.`,
    columns: ['', 'events/s', 'CPU-s per million', 'of a core'],
    rows: [
      ['the whole', whole(eventsPerSecond(runs)), processes.reduce((sum, process) => sum + perMillion(process), 0).toFixed(0), percent(total)],
      ...processes.map((process) => [process, '', perMillion(process).toFixed(0), percent(ofCore(process))]),
    ],
    verdicts: [
      {
        target: 'most of what is busy is Kafka or Redis',
        measured: `${percent(total / cores)} of the cores busy, most of it ${busiest} (${percent(share / total)} of what was busy)`,
        met: GIVEN.has(busiest),
      },
    ],
  };
}

export interface MeasuredLatencies {
  readonly people: number;
  readonly idle: Latencies;
  /** Under half of what the whole pipeline was measured to take. */
  readonly loaded: Latencies;
  /** What half of it is, events a second. */
  readonly half: number;
}

/** How long it takes from one partner’s submission to the figure that counts it. */
export function latencySection({ people, idle, loaded, half }: MeasuredLatencies): Section {
  const row = (name: string, values: readonly number[]): string[] => [name, ...[0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(0))];
  const slowest = percentile(idle.counted, 1);
  const p99 = percentile(loaded.counted, 0.99);
  return {
    title: 'From a submission to its figure',
    method:
      `${whole(idle.counted.length)} submissions of one referral each to a running platform that holds ${whole(people)} people, one at a time over HTTP; until the exact cell in the store counts it, looked up every 5 ms. Milliseconds from before the request. ` +
      `Under load: the same while files of 50 referrals of new people with all their identifiers keep coming to the same adapter, at half of what the whole pipeline takes (${whole(half)} events/s asked for, ${whole(loaded.eventsPerSecond)} came, the probes’ own included; ${whole(loaded.counted.length)} probes in at most a minute).`,
    columns: ['', 'p50 ms', 'p99 ms', 'slowest ms'],
    rows: [
      row('receipt (spooled and synced)', idle.receipts),
      row('counted in the exact cell', idle.counted),
      row('under load: receipt', loaded.receipts),
      row('under load: counted in the exact cell', loaded.counted),
    ],
    verdicts: [
      { target: `visible within ${VISIBLE_WITHIN_MS / 1_000} seconds`, measured: `${(slowest / 1_000).toFixed(2)} s the slowest`, met: slowest <= VISIBLE_WITHIN_MS },
      { target: `under half the load of the whole pipeline, p99 under ${UNDER_LOAD_P99_MS} ms`, measured: `${p99.toFixed(0)} ms, of ${whole(loaded.counted.length)} probes under ${((loaded.eventsPerSecond / half) * 100).toFixed(0)} % of that load`, met: p99 < UNDER_LOAD_P99_MS && loaded.eventsPerSecond >= half * LEAST_SHARE_OF_LOAD && loaded.counted.length >= LEAST_PROBES },
    ],
  };
}
