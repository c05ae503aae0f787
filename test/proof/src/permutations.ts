import { deploymentOf, EVENTS_TOPIC_PATTERN, LINK_DECISIONS } from '@throughline/event-contracts';
import { FetchedRecords } from '@throughline/event-bus';
import { Linker, MemoryIndex, readDecisionWord, readIdentifierMessage } from '@throughline/linkage/testing';
import { contributions, LATEST_RULES } from '@throughline/outcome-metrics';
import type { Fact } from '@throughline/outcome-metrics';
import { BatchStager, cellsOf, FictionalLog, PartitionTimelines } from '@throughline/outcomes/testing';
import type { FictionalRecord } from '@throughline/outcomes/testing';
import { UniqueIds } from '@throughline/state-store';
import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import fc from 'fast-check';
import { compareCells } from './compared-cells.js';
import type { ComparedCells } from './compared-cells.js';

const PLATFORM_KEY = Buffer.alloc(32, 'permutations');
const SOURCES = ['council', 'college', 'nhs', 'dwp'] as const;
const MOST_PEOPLE = 3;
const MOST_RECORDS = 80;
const APRIL_2025 = 20_200;
/** Before there was a wage that pay could be measured by. */
const JUNE_2015 = 16_600;
const ids = new UniqueIds();

/** From so many trials on each metric has to have counted something; a few may miss one that asks for much. */
const EVERY_METRIC_FROM = 1_000;

/** Records in one order of arrival, and how many come at a time. */
export interface Arrival {
  readonly records: readonly FictionalRecord[];
  readonly batch: number;
}

/** An arrival, and the records in the order they were told. */
export interface ToldArrival extends Arrival {
  readonly told: readonly FictionalRecord[];
}

/**
 * What invented sources say of a few people, facts of every kind, and what operators decide on who they are: stated, corrected,
 * withdrawn, told twice, linked and parted; in any order. Of few people much is said, so that it comes to something.
 */
export const anyArrival: fc.Arbitrary<ToldArrival> = fc
  .record({
    seed: fc.nat(),
    sources: fc.subarray([...SOURCES], { minLength: 1 }),
    people: fc.integer({ min: 1, max: MOST_PEOPLE }),
    length: fc.integer({ min: 1, max: MOST_RECORDS }),
    firstDay: fc.oneof({ weight: 7, arbitrary: fc.constant(APRIL_2025) }, { weight: 1, arbitrary: fc.constant(JUNE_2015) }),
    batch: fc.constantFrom(1, 2, 5, MOST_RECORDS),
  })
  .chain(({ seed, sources, people, length, firstDay, batch }) => {
    const told = [...new FictionalLog(seed, people, Object.fromEntries(sources.map((source) => [source, source])), { isDecided: true, firstDay }).records(length)];
    return fc.shuffledSubarray(told, { minLength: told.length }).map((records) => ({ told, records, batch }));
  });

function batchesOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** The link index as the linker makes it of identifiers and decisions in this order, a batch of each topic's at a time. */
async function linked(records: readonly FictionalRecord[], batch: number): Promise<MemoryIndex> {
  const index = new MemoryIndex();
  const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId: () => ids.next() });
  for (const each of batchesOf(records, batch)) {
    for (const topic of new Set(each.map((record) => record.topic))) {
      const values = each.flatMap((record) => (record.topic === topic ? [record.value] : []));
      const firstOffset = index.nexts.get(topic) ?? 0;
      const place = { deployment: deploymentOf(topic) ?? '', partition: topic, firstOffset, nextOffset: firstOffset + values.length };
      const told =
        topic === LINK_DECISIONS
          ? { messages: [], decisions: values.map((value) => readDecisionWord(value)) }
          : { messages: values.map((value) => readIdentifierMessage(value, { partition: 0, partitionCount: 1 })) };
      await linker.link({ ...place, ...told });
    }
  }
  return index;
}

/** Timelines as the consumer merges facts in this order, each topic one partition. */
function merged(records: readonly FictionalRecord[], batch: number): PartitionTimelines[] {
  const stager = new BatchStager();
  return [...new Set(records.map(({ topic }) => topic))].map((topic) => {
    const timelines = PartitionTimelines.empty();
    const ofIt = records.filter((record) => record.topic === topic).map(({ key, value }, offset) => ({ key, value, offset, timestamp: offset }));
    for (const each of batchesOf(ofIt, batch)) {
      const [first, last] = [each[0]!.offset, each.at(-1)!.offset];
      const place = { topic, partition: 0, partitionCount: 1, firstOffset: first, lastOffset: last, nextOffset: last + 1, highWatermark: ofIt.length };
      const staged = stager.stage({ ...place, records: FetchedRecords.of(each) }, timelines);
      if (staged.unreadable.length > 0) throw new Error('a record could not be read');
      staged.takeInto(timelines);
    }
    return timelines;
  });
}

/** Cells of what arrived, by the linker, the consumer's merging and the rules. */
export async function cellsAsArrived({ records, batch }: Arrival): Promise<Map<string, number>> {
  const facts = records.filter(({ topic }) => EVENTS_TOPIC_PATTERN.test(topic));
  const index = await linked(records.filter(({ topic }) => !EVENTS_TOPIC_PATTERN.test(topic)), batch);
  const partitions = merged(facts, batch);
  const people = new Map<string, Set<string>>();
  for (const subject of new Set(facts.map(({ key }) => key.toString('hex', 0, 16)))) {
    const person = index.hashes.subject.get(subject)?.toString('hex') ?? subject;
    people.set(person, (people.get(person) ?? new Set<string>()).add(subject));
  }
  const cells = new Map<string, number>();
  for (const subjects of people.values()) {
    const told: Fact[] = [];
    for (const timelines of partitions) for (const subject of subjects) timelines.addFactsOf(Buffer.from(subject, 'hex'), told);
    for (const [cell, count] of contributions(told, LATEST_RULES)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return cells;
}

/** A trial: one order of arrival gives the figures that the records themselves add up to. */
export async function permutations(options: DrillOptions): Promise<DrillReport> {
  const counted = new Map(LATEST_RULES.metrics.map((metric) => [metric, 0]));
  const tryOne = async (arrival: ToldArrival): Promise<ComparedCells> => {
    const shown = await cellsAsArrived(arrival);
    const known = cellsOf(arrival.told);
    for (const cell of known.keys()) {
      const metric = cell.slice(0, cell.indexOf('|'));
      counted.set(metric, (counted.get(metric) ?? 0) + 1);
    }
    return { shown, known, records: arrival.records.length };
  };
  const { trials, anomalies, counts } = await compareCells(anyArrival, tryOne, options);
  const untried = trials < EVERY_METRIC_FROM ? [] : [...counted].filter(([, found]) => found === 0).map(([metric]) => `${metric} never counted anything: nothing was tried of it`);
  return { trials, anomalies: [...anomalies, ...untried], counts: { ...counts, ...Object.fromEntries(counted) } };
}
