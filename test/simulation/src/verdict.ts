import type { MemoryLog } from '@throughline/event-bus/testing';
import { DEAD_LETTERS, eventsTopics, linkingTopics, locationOf } from '@throughline/event-contracts';
import { Generations, LinkIndex, PARTICIPANT_BUCKETS, ParticipantStore, PartitionStore } from '@throughline/state-store';
import type { MemoryRedis } from '@throughline/state-store/testing';
import type { Fates } from '@throughline/test-recount';
import type { AdapterProcess, Answer, Errand } from './adapter-process.js';
import type { ServiceProcess } from './service-process.js';

/** What is still to be done, in words; null: nothing. */
export async function backlogOf(store: MemoryRedis, log: MemoryLog, services: readonly ServiceProcess[]): Promise<string | null> {
  const connection = store.connect();
  const { current, all } = await new Generations(connection).list();
  if (current === null || all.length !== 1) return `generations ${all.map(({ generation }) => generation).join()}, current ${current}`;
  const awake = services.filter(({ process }) => process.alive && process.asleepUntil === 0);
  const unshown = awake.find(({ kind, keeper }) => kind === 'outcomes' && keeper?.current?.generation !== current);
  if (unshown !== undefined) return `${unshown.process.name} does not show generation ${current}`;
  const partitions = new PartitionStore(connection, current);
  for (const topic of log.topics(eventsTopics(null))) {
    for (const [partition, end] of log.ends(topic).entries()) {
      const location = locationOf(topic, partition);
      if ((await partitions.next(location)) !== end) return `${location} is not at ${end}`;
      if ((await partitions.marks(location)).length > 0) return `${location} has marks`;
    }
  }
  const link = new LinkIndex(connection, current);
  const linked = await link.nextOffsets();
  for (const topic of log.topics(linkingTopics(null))) {
    for (const [partition, end] of log.ends(topic).entries()) {
      if ((linked.get(locationOf(topic, partition)) ?? 0) !== end) return `identifiers of ${locationOf(topic, partition)} are not at ${end}`;
    }
  }
  if ((await link.marks()).length > 0) return 'the index has marks';
  const participants = new ParticipantStore(connection, current);
  for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) if ((await participants.marks(bucket)).length > 0) return `bucket ${bucket} has marks`;
  return null;
}

/** Cells of the current generation. */
export async function shownCells(store: MemoryRedis): Promise<Map<string, number>> {
  const connection = store.connect();
  const { current } = await new Generations(connection).list();
  const cells = new Map<string, number>();
  if (current === null) return cells;
  const participants = new ParticipantStore(connection, current);
  for (let bucket = 0; bucket < PARTICIPANT_BUCKETS; bucket += 1) {
    for (const [cell, count] of await participants.cells(bucket)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return new Map([...cells].filter(([, count]) => count !== 0));
}

/** Submissions that were dealt with otherwise than their files say, and refusals of which nobody was told. */
export function wrongFates(
  answers: readonly { readonly errand: Errand; readonly answer: Answer }[],
  adapters: ReadonlyMap<string, AdapterProcess>,
  fates: ReadonlyMap<string, Fates | null>,
  log: MemoryLog,
): string[] {
  const wrong: string[] = [];
  const letters = new Set(
    log.records(DEAD_LETTERS).flatMap(({ value }) => {
      const { stage, submission, record } = JSON.parse(String(value)) as { stage: string; submission?: string; record?: number };
      if (stage !== 'intake') wrong.push(`a record was put aside at ${stage}`);
      return stage === 'intake' ? `${submission}/${record ?? ''}` : [];
    }),
  );
  for (const { errand, answer } of answers) {
    const { submission, withdrawn } = errand;
    const { id, state } = answer;
    if (id === null) {
      if (!submission.refusedWhole) wrong.push(`${submission.file} was refused at the door`);
      continue;
    }
    const { open } = adapters.get(submission.deployment)!;
    const counts = open.pipeline.job(id)?.detail.counts ?? null;
    if (counts !== null && counts.received !== counts.published + counts.skipped + counts.refused) wrong.push(`${submission.file}: records do not add up: ${JSON.stringify(counts)}`);
    const untold = [...open.ledger.findings(id)].filter(({ fate, ordinal }) => fate === 'refused' && !letters.has(`${id}/${ordinal}`));
    if (untold.length > 0) wrong.push(`${submission.file}: ${untold.length} refused records have no dead letter`);
    if (state === 'refused' && !letters.has(`${id}/`)) wrong.push(`${submission.file} was refused without a dead letter`);
    if (withdrawn) {
      if (state !== 'withdrawn' && state !== 'refused') wrong.push(`a withdrawn file is ${state}`);
      continue;
    }
    const expected = fates.get(submission.file);
    if (expected === undefined) wrong.push(`${submission.file} is unknown to the recount`);
    else if (expected === null) {
      if (state !== 'refused') wrong.push(`${submission.file} is ${state}, was to be refused whole`);
    } else if (state !== 'published' || counts?.refused !== expected.refused) wrong.push(`${submission.file} is ${state} with ${counts?.refused} records refused, was to be published with ${expected.refused}`);
  }
  return wrong;
}
