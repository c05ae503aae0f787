import type { Latencies } from './latency.js';
import { latencySection, pipelineSection } from './pipeline-section.js';
import type { PipelineRun } from './pipeline-run.js';

const run = (seconds: number, cpuByProcess: PipelineRun['cpuByProcess']): PipelineRun => ({ events: 10_000, seconds, cpuByProcess });

it('the busiest stage is named, adapters together being one', () => {
  const { rows, verdicts } = pipelineSection(5_000, 2, [run(10, { Kafka: 7, Redis: 1, 'nhs-adapter': 4, 'dwp-adapter': 4 })]);
  expect(rows).toEqual([
    ['the whole', '1,000', '1600', '160 %'],
    ['Kafka', '', '700', '70 %'],
    ['Redis', '', '100', '10 %'],
    ['nhs-adapter', '', '400', '40 %'],
    ['dwp-adapter', '', '400', '40 %'],
  ]);
  expect(verdicts).toEqual([{ target: expect.any(String) as string, measured: '80 % of the cores busy, most of it the adapters (50 % of what was busy)', met: false }]);
});

it('Kafka and Redis may bound it', () => {
  expect(pipelineSection(5_000, 2, [run(10, { Kafka: 9, 'nhs-adapter': 4, 'dwp-adapter': 4 })]).verdicts[0]).toMatchObject({ met: true });
});

it('each figure is a median of its own', () => {
  const { rows } = pipelineSection(5_000, 2, [run(1, { Kafka: 1 }), run(2, { Kafka: 9 }), run(4, { Kafka: 1 })]);
  expect(rows[0]!.slice(0, 2)).toEqual(['the whole', '5,000']);
  expect(rows[1]).toEqual(['Kafka', '', '100', '100 %']);
});

const latencies = (slowest: number): Latencies => ({
  receipts: [1],
  counted: [...Array.from({ length: 199 }, () => 20), slowest],
  eventsPerSecond: 3_000,
});
const measured = (idle: Latencies, loaded: Latencies) => latencySection({ people: 5_000, idle, loaded, half: 3_100 }).verdicts.map(({ met }) => met);

it('the slowest may take two seconds alone, and all but one in a hundred a tenth of one under load', () => {
  expect(measured(latencies(2_000), latencies(5_000))).toEqual([true, true]);
  expect(measured(latencies(2_001), { ...latencies(5_000), counted: [20, 100] })).toEqual([false, false]);
});
