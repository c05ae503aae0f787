import { decodeEvent } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { Linker, MemoryIndex, readIdentifierMessage } from '@throughline/linkage/testing';
import { entryFromEvent, factsOf, isFactKind, mergeEntry } from '@throughline/outcome-metrics';
import type { Fact, FactEvent, Timeline } from '@throughline/outcome-metrics';
import { loadPlace, referencesOf, TRUTH_FILE, writePopulation } from '@throughline/test-population';
import type { Feed, IdentityFault, Life, UntidinessLevel } from '@throughline/test-population';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { partnersTold, subjectOf } from './partners-told.js';
import type { Told } from './partners-told.js';

const PLATFORM_KEY = Buffer.alloc(32, 'platform');
/** Words of identifiers a batch, as linkage takes them. */
const BATCH = 250;
const PLACE = loadPlace();

/** A person as one source knows them: of whom something counts, whom it truly is, and whom linkage holds it to be. */
export interface LinkedSubject {
  /** The life's number. */
  readonly life: number;
  readonly feed: Feed;
  readonly participant: string;
  /** Whether its source's records ever carry anything that tells who somebody is; if not, no rule can join it to another. */
  readonly identifiable: boolean;
  /** In force; at least one. */
  readonly facts: readonly Fact[];
}

export interface LinkedPopulation {
  readonly lives: ReadonlyMap<number, Life>;
  readonly subjects: readonly LinkedSubject[];
}

/** What files are made of. */
export interface PopulationAsked {
  readonly seed: string;
  readonly people: number;
  readonly untidiness: UntidinessLevel;
  readonly without?: IdentityFault;
  /** As the population's. */
  readonly councilColumns?: boolean;
}

/**
 * Invents a population, has its partners' files read by the adapters and linked by linkage, all in this process.
 * @param look is given the folder before it is removed.
 */
export async function linkedPopulation(asked: PopulationAsked, look: (folder: string) => void = () => undefined): Promise<LinkedPopulation> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-linkage-'));
  try {
    await writePopulation({ ...asked, directory: folder });
    look(folder);
    const lives = (await readFile(join(folder, TRUTH_FILE), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Life);
    const told = await partnersTold(folder, asked.councilColumns === true);
    const { participants, identified } = await linked(told);
    const truth = new Map(lives.flatMap((life) => referencesOf(life, PLACE).map((reference) => [subjectOf(reference), { life: life.person, feed: reference.feed }] as const)));
    const identifying = new Set([...identified].map((subject) => truth.get(subject)?.feed));
    const subjects = [...timelinesOf(told)].flatMap(([subject, timeline]): LinkedSubject[] => {
      const facts = factsOf([timeline]);
      if (facts.length === 0) return [];
      const whose = truth.get(subject);
      if (whose === undefined) throw new Error('A subject is nobody’s: referencesOf does not name every reference that the generator writes.');
      const participant = participants.get(subject) ?? participantOf(PLATFORM_KEY, Buffer.from(subject, 'hex')).toString('hex');
      return [{ ...whose, participant, identifiable: identifying.has(whose.feed), facts }];
    });
    return { lives: new Map(lives.map((life) => [life.person, life])), subjects };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Linked {
  /** By subject; whoever no record identifies is missing. */
  readonly participants: ReadonlyMap<string, string>;
  /** Subjects of whom some record holds a token. */
  readonly identified: ReadonlySet<string>;
}

/** Who is who. */
async function linked(told: readonly Told[]): Promise<Linked> {
  const identified = new Set<string>();
  const index = new MemoryIndex();
  let ids = 0;
  const newId = (): Buffer => {
    const id = Buffer.alloc(12);
    id.writeUInt32BE((ids += 1));
    return id;
  };
  const linker = new Linker({ index, platformKey: PLATFORM_KEY, newId });
  for (const { deployment, events } of told) {
    const messages = events.filter((value) => decodeEvent(value).type === 'SubjectIdentified').map((value) => readIdentifierMessage(value, { partition: 0, partitionCount: 1 }));
    for (const { subject, fact } of messages) if (fact.identifiers?.some(({ token }) => token !== null) === true) identified.add(subject.toString('hex'));
    for (let at = 0; at < messages.length; at += BATCH) {
      const batch = messages.slice(at, at + BATCH);
      const { outcome } = await linker.link({ deployment, partition: deployment, firstOffset: at, nextOffset: at + batch.length, messages: batch });
      if (outcome !== 'linked') throw new Error('linkage was overtaken where nobody else writes');
    }
  }
  return { participants: new Map([...index.hashes.subject].map(([subject, participant]) => [subject, participant.toString('hex')])), identified };
}

function timelinesOf(told: readonly Told[]): Map<string, Timeline> {
  const timelines = new Map<string, Timeline>();
  for (const value of told.flatMap(({ events }) => events)) {
    const event = decodeEvent(value);
    if (!isFactKind(event.type)) continue;
    const { entry } = entryFromEvent(event as FactEvent);
    const subject = event.value.meta.subject.toString('hex');
    const timeline = timelines.get(subject) ?? (new Map() as Timeline);
    timelines.set(subject, timeline);
    mergeEntry(timeline, entry);
  }
  return timelines;
}
