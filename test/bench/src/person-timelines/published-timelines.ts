import { ensureTopics } from '@throughline/event-bus';
import type { Progress } from '@throughline/servers';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { saying, startContender } from '../process/contender.js';
import { expectedCells } from './expected-cells.js';
import { eventCount, participantId, participantPlaceOf, subjectCount, subjectId, topicsOf } from './workload.js';
import type { Workload } from './workload.js';

/** A log on a broker, who is who, and what must come of it. */
export interface PublishedTimelines {
  readonly workload: Workload;
  readonly brokers: string;
  readonly topics: readonly string[];
  readonly records: number;
  /** Subject and participant, 16 bytes each, least subject first: what everybody knows before they begin. */
  readonly linksFile: string;
  readonly expected: ReadonlyMap<string, number>;
}

export interface PublishingOptions {
  /** The checkout. */
  readonly root: string;
  readonly brokers: string;
  /** Where the file of who is who is left. */
  readonly folder: string;
  readonly progress: Progress;
}

/** Puts the log onto topics of its own and makes the file of who is who. */
export async function publishTimelines(workload: Workload, { root, brokers, folder, progress }: PublishingOptions): Promise<PublishedTimelines> {
  const topics = topicsOf(workload);
  await ensureTopics({ brokers: brokers.split(','), clientId: 'bench', topics });
  const records = eventCount(workload);
  const task = progress.start(`Publishing events about ${workload.participants.toLocaleString('en-GB')} people (${workload.name})`, records, 'events');
  const { child, said } = await startContender(root, 'test/bench/src/person-timelines/publishing-run.ts', [brokers, JSON.stringify(workload)]);
  const expected = expectedCells(workload);
  const linksFile = join(folder, `links-${workload.name}`);
  await writeLinksFile(workload, linksFile);
  for (let seen = 0; seen < records; task.update(seen)) {
    const word = await said(({ event, published }) => event === 'done' || (event === 'progress' && (published as number) > seen));
    seen = word['published'] as number;
    if (word['event'] === 'done') break;
  }
  const { published } = await said(saying('done'));
  await child.exited;
  task.finish();
  if (published !== records) throw new Error(`Published ${String(published)} of ${records} events.`);
  return { workload, brokers, topics: topics.map(({ name }) => name), records, linksFile, expected };
}

async function writeLinksFile(workload: Workload, path: string): Promise<void> {
  const links: Buffer[] = [];
  let participant: Buffer = Buffer.alloc(0);
  for (let subject = 0; subject < subjectCount(workload); subject += 1) {
    if (subject === 0 || participantPlaceOf(subject) !== participantPlaceOf(subject - 1)) participant = participantId(participantPlaceOf(subject));
    links.push(Buffer.concat([subjectId(subject), participant]));
  }
  await writeFile(path, Buffer.concat(links.sort((a, b) => a.compare(b))));
}
