import { runPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartOptions } from '../parts/part.js';
import type { Section } from '../report/section.js';
import { LatencyProbes } from './latency.js';
import type { Latencies } from './latency.js';
import { eventsPerSecond, latencySection, pipelineSection } from './pipeline-section.js';
import { runPipeline } from './pipeline-run.js';
import type { PipelineRun } from './pipeline-run.js';

const SIZES = { quick: { people: 500, rounds: 1, submissions: 10 }, full: { people: 5_000, rounds: 3, submissions: 200 } };
/** Months that no invented life reaches: every referral in them is a probe. */
const IDLE_MONTH = '2031-05';
const LOADED_MONTH = '2031-06';

/** The platform as a user runs it: how much goes through it, and how long one thing takes. */
export async function pipelinePart({ quick, progress }: PartOptions): Promise<Section[]> {
  const { people, rounds, submissions } = quick ? SIZES.quick : SIZES.full;
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-sample-'));
  try {
    await writePopulation({ seed: 'bench', people, untidiness: 'ordinary', directory: folder });
    const runs: PipelineRun[] = [];
    let latencies: { readonly idle: Latencies; readonly loaded: Latencies } | undefined;
    const task = progress.start('Sending all files of all partners', rounds, 'times');
    for (let round = 1; round <= rounds; round += 1) {
      const running = await runPlatform();
      try {
        runs.push(await runPipeline(running, folder));
        task.update(round);
        if (round < rounds) continue;
        task.finish();
        const probes = new LatencyProbes(running, progress);
        const idle = await probes.measure(IDLE_MONTH, submissions);
        latencies = { idle, loaded: await probes.measureUnder(eventsPerSecond(runs) / 2, LOADED_MONTH, submissions) };
      } finally {
        await running.stop();
      }
    }
    return [pipelineSection(people, cpus().length, runs), latencySection({ people, half: eventsPerSecond(runs) / 2, ...latencies! })];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
