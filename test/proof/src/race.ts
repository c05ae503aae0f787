import { deploymentOf, eventsTopic, identifiersTopic, LINK_DECISIONS, locationOf } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { Linker, readDecisionWord, readIdentifierMessage } from '@throughline/linkage/testing';
import type { FactKind } from '@throughline/outcome-metrics';
import { cellsIn, cellsOf, FictionalLog, markEveryone, RacingProcess, TakingTurns } from '@throughline/outcomes/testing';
import type { FictionalRecord } from '@throughline/outcomes/testing';
import { LinkIndex, participantBucketOf, ParticipantStore, PartitionStore, StateStoreError, UniqueIds } from '@throughline/state-store';
import { MemoryRedis } from '@throughline/state-store/testing';
import type { StoreCopy } from '@throughline/state-store/testing';
import fc from 'fast-check';
import type { Scheduler } from 'fast-check';

const PLATFORM_KEY = Buffer.alloc(32, 'races');
const SOURCES = ['council', 'college'] as const;
const FACTS = SOURCES.map((source) => eventsTopic(source));
const LINKS = [...SOURCES.map((source) => identifiersTopic(source)), LINK_DECISIONS];
const EVERYTHING = 1 << 30;
/** Nobody who waits for a minute waits longer than one pass at the end. */
const MINUTE = 60_001;
/** Passes after which a store in which nothing happens any more has to be at rest. */
const MOST_PASSES = 40;

/** What one lane of work does, one thing after the other. */
interface Reading {
  readonly topic: number;
  readonly most: number;
  /** Also where the topic is another's by now: a batch that was fetched before. */
  readonly late: boolean;
}

type Mishap =
  | { readonly kind: 'rebalanced'; readonly topic: number; readonly to: number }
  | { readonly kind: 'killed' | 'asleep'; readonly slot: number }
  | { readonly kind: 'linker killed'; readonly slot: number }
  | { readonly kind: 'copied' }
  /** `tag`: of one node only; null: the whole store. */
  | { readonly kind: 'put back'; readonly tag: number | null };

/** What is told, who is at work on it, and what befalls them; the order of it all is the scheduler's. */
export interface Race {
  readonly seed: number;
  readonly people: number;
  readonly length: number;
  readonly kinds: readonly FactKind[];
  /** Of each of two processes of outcomes. */
  readonly readings: readonly (readonly Reading[])[];
  /** Which share of the buckets each takes for its own, pass after pass: its own, the other's, or all. */
  readonly passes: readonly (readonly number[])[];
  /** Of each of two linkers: a topic, and how many records. */
  readonly links: readonly (readonly Omit<Reading, 'late'>[])[];
  readonly mishaps: readonly (Mishap & { readonly after: number })[];
  /** Of each process of outcomes: before which of its exchanges it stops, and for how many turns, while the others go on. */
  readonly stops: readonly (readonly { readonly at: number; readonly turns: number }[])[];
  readonly mostBytes: number;
  readonly scheduler: Scheduler;
}

const slot = fc.nat(1);
const most = fc.integer({ min: 1, max: 4 });
const both = <T>(lane: fc.Arbitrary<T>): fc.Arbitrary<readonly [T, T]> => fc.tuple(lane, lane);
const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('rebalanced' as const), topic: slot, to: slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('killed' as const, 'asleep' as const), slot }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('linker killed' as const), slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('copied' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('put back' as const), tag: fc.option(fc.nat(20), { nil: null }) }) },
);

export const anyRace: fc.Arbitrary<Race> = fc.record({
  seed: fc.nat(),
  people: fc.integer({ min: 1, max: 2 }),
  length: fc.integer({ min: 3, max: 24 }),
  // Of few facts each is told of so often that buckets are compacted, and batches change nothing.
  kinds: fc.constantFrom<readonly FactKind[]>(['ReferralMade'], ['SupportStarted'], ['ReferralMade', 'JobStarted', 'JobSustained', 'CircumstancesReported']),
  readings: both(fc.array(fc.record({ topic: slot, most, late: fc.boolean() }), { minLength: 1, maxLength: 7 })),
  // All more often: where two compute the same people one of them is late.
  passes: both(fc.array(fc.constantFrom(0, 1, 2, 2, 2), { minLength: 1, maxLength: 5 })),
  links: both(fc.array(fc.record({ topic: fc.nat(2), most }), { maxLength: 3 })),
  mishaps: fc.array(mishap.chain((befalls) => fc.nat(30).map((after) => ({ ...befalls, after }))), { maxLength: 5 }),
  stops: both(fc.array(fc.record({ at: fc.nat(120), turns: fc.integer({ min: 10, max: 60 }) }), { maxLength: 3 })),
  mostBytes: fc.constantFrom(EVERYTHING, EVERYTHING, 1),
  scheduler: fc.scheduler(),
});

/** A place of a process, and which process is in it. */
interface Slot<P> {
  process: P;
  connection: TakingTurns;
}

/** The product's own processes over one store, from the first of them to when everything is at rest. */
class RaceCourse {
  readonly #store = new MemoryRedis();
  readonly #ids = new UniqueIds();
  readonly #logs = new Map<string, readonly Buffer[]>([...FACTS, ...LINKS].map((topic) => [topic, []]));
  /** Which outcomes process each topic of facts is assigned to. */
  readonly #owners = FACTS.map((_, topic) => topic % 2);
  /** Those in which anybody who is told of can be, and that whose holder works on the marks of the index; the first process's, the second's, and both. */
  readonly #shares: readonly ReadonlySet<number>[];
  readonly #outcomes: readonly Slot<RacingProcess>[];
  readonly #linkers: readonly Slot<{ readonly index: LinkIndex; readonly linker: Linker }>[];
  #copy: StoreCopy | null = null;
  #isAtRest = false;
  #now = 0;

  constructor(
    private readonly race: Race,
    records: readonly FictionalRecord[],
  ) {
    const buckets = new Set([0]);
    for (const { topic, key, value } of records) {
      this.#logs.set(topic, [...this.#logs.get(topic)!, value]);
      if (topic !== LINK_DECISIONS) buckets.add(participantBucketOf(participantOf(PLATFORM_KEY, key.subarray(0, 16))));
    }
    const all = [...buckets];
    this.#shares = [new Set(all.filter((_, index) => index % 2 === 0)), new Set(all.filter((_, index) => index % 2 === 1)), new Set(all)];
    this.#outcomes = [this.#outcomesSlot(0), this.#outcomesSlot(1)];
    this.#linkers = [this.#linkerSlot(), this.#linkerSlot()];
  }

  async run(): Promise<void> {
    const { readings, passes, links, scheduler } = this.race;
    const lanes = [0, 1].flatMap((each) => [this.#read(each, readings[each]!), this.#reconcile(each, passes[each]!), this.#link(each, links[each]!)]);
    await scheduler.waitFor(Promise.all([...lanes, this.#befall()]));
    // Whoever was cut off, or sleeps, finishes what it was about.
    this.#isAtRest = true;
    await scheduler.waitIdle();
  }

  /** Lets everything be read and computed. @returns the cells @throws where it does not come to rest */
  async rest(): Promise<Map<string, number>> {
    for (const topic of LINKS) while (await this.#linkSome(this.#linkers[0]!, topic, Infinity));
    const fresh = this.#outcomesSlot(0).process;
    for (const topic of FACTS) while (await this.#takeSome(fresh, topic, Infinity, () => false));
    for (let pass = 0; (await this.#marks()) > 0; pass += 1) {
      if (pass === MOST_PASSES) throw new Error(`${await this.#marks()} marks stay, pass after pass`);
      this.#now += MINUTE;
      await this.#outcomes[pass % 2]!.process.pass(FACTS, this.#shares[pass % 2]!);
    }
    return cellsIn(new ParticipantStore(this.#store.connect(), 1));
  }

  readonly #turnOf = async (): Promise<void> => {
    if (!this.#isAtRest) await this.race.scheduler.schedule(Promise.resolve());
  };

  #outcomesSlot(number: number): Slot<RacingProcess> {
    const stops = new Map(this.race.stops[number]!.map(({ at, turns }) => [at, turns]));
    let exchanges = 0;
    const connection = new TakingTurns(this.#store, async () => {
      for (let turns = stops.get(exchanges++) ?? 0; turns >= 0; turns -= 1) await this.#turnOf();
    });
    return { connection, process: new RacingProcess({ connection, platformKey: PLATFORM_KEY, mostBytes: this.race.mostBytes, now: () => this.#now }) };
  }

  #linkerSlot(): Slot<{ readonly index: LinkIndex; readonly linker: Linker }> {
    const connection = new TakingTurns(this.#store, this.#turnOf);
    const index = new LinkIndex(connection, 1);
    return { connection, process: { index, linker: new Linker({ index, platformKey: PLATFORM_KEY, newId: () => this.#ids.next() }) } };
  }

  async #read(number: number, readings: readonly Reading[]): Promise<void> {
    const place = this.#outcomes[number]!;
    for (const { topic, most: count, late } of readings) {
      if (!late && this.#owners[topic] !== number) {
        await this.#turnOf();
        continue;
      }
      await unlessCut(this.#takeSome(place.process, FACTS[topic]!, count, () => !late && this.#owners[topic] !== number));
    }
  }

  async #reconcile(number: number, passes: readonly number[]): Promise<void> {
    for (const share of passes) await unlessCut(this.#outcomes[number]!.process.pass(FACTS, this.#shares[share === 2 ? 2 : (number + share) % 2]!));
  }

  async #link(number: number, links: readonly Omit<Reading, 'late'>[]): Promise<void> {
    for (const { topic, most: count } of links) await unlessCut(this.#linkSome(this.#linkers[number]!, LINKS[topic]!, count));
  }

  #takeSome(process: RacingProcess, topic: string, count: number, isStale: () => boolean): Promise<boolean> {
    return process.take(topic, this.#logs.get(topic)!, count, isStale);
  }

  async #linkSome({ process: { index, linker } }: Slot<{ readonly index: LinkIndex; readonly linker: Linker }>, topic: string, count: number): Promise<boolean> {
    const partition = locationOf(topic, 0);
    const firstOffset = await index.next(partition);
    const values = this.#logs.get(topic)!.slice(firstOffset, firstOffset + count);
    if (values.length === 0) return false;
    const told = topic === LINK_DECISIONS ? { messages: [], decisions: values.map((value) => readDecisionWord(value)) } : { messages: values.map((value) => readIdentifierMessage(value, { partition: 0, partitionCount: 1 })) };
    await linker.link({ deployment: deploymentOf(topic) ?? '', partition, firstOffset, nextOffset: firstOffset + values.length, ...told });
    return true;
  }

  async #befall(): Promise<void> {
    for (const { after, ...befalls } of this.race.mishaps) {
      for (let turns = 0; turns < after; turns += 1) await this.#turnOf();
      await this.#happen(befalls);
    }
  }

  async #happen(befalls: Mishap): Promise<void> {
    switch (befalls.kind) {
      case 'rebalanced':
        this.#owners[befalls.topic] = befalls.to;
        this.#outcomes[befalls.to]!.process.assign(FACTS[befalls.topic]!);
        return;
      case 'killed':
      case 'asleep':
        // Whoever sleeps finishes what it was about, beside the one in its place.
        if (befalls.kind === 'killed') this.#outcomes[befalls.slot]!.connection.cut();
        Object.assign(this.#outcomes[befalls.slot]!, this.#outcomesSlot(befalls.slot));
        return;
      case 'linker killed':
        this.#linkers[befalls.slot]!.connection.cut();
        Object.assign(this.#linkers[befalls.slot]!, this.#linkerSlot());
        return;
      case 'copied':
        this.#copy = this.#store.copy();
        return;
      case 'put back':
        this.#putBack(befalls.tag);
        await this.#doubt();
    }
  }

  /** All there is, or what shares one tag, as it was when it was copied, else lost. */
  #putBack(tag: number | null): void {
    const { keyspace } = this.#store.copy();
    const copied = this.#copy?.keyspace ?? new Map<string, never>();
    const tags = [...new Set([...keyspace.keys()].map(tagOf))];
    if (tag === null || tags.length === 0) return this.#store.restart(this.#copy);
    const lost = tags[tag % tags.length]!;
    const others = [...keyspace].filter(([key]) => tagOf(key) !== lost);
    this.#store.restart({ keyspace: new Map([...others, ...[...copied].filter(([key]) => tagOf(key) === lost)]) });
  }

  /** As after any doubt about what the store holds. */
  async #doubt(): Promise<void> {
    const facts = Object.fromEntries(FACTS.map((topic) => [topic, [this.#logs.get(topic)!.length]]));
    await markEveryone(this.#store.connect(), 1, facts);
  }

  async #marks(): Promise<number> {
    const connection = this.#store.connect();
    const partitions = new PartitionStore(connection, 1);
    const participants = new ParticipantStore(connection, 1);
    const places = [new LinkIndex(connection, 1).marks(), ...FACTS.map((topic) => partitions.marks(locationOf(topic, 0))), ...[...this.#shares[2]!].map((bucket) => participants.markIds(bucket))];
    return (await Promise.all<readonly unknown[]>(places)).flat().length;
  }
}

const tagOf = (key: string): string => /\{[^}]*\}/.exec(key)?.[0] ?? '';

/** A process whose connection was cut leaves what it was about. */
async function unlessCut(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof StateStoreError)) throw error;
  }
}

/** What a race came to, and what the rules make of all that was told in it. */
export interface RaceResult {
  readonly shown: ReadonlyMap<string, number>;
  readonly known: ReadonlyMap<string, number>;
  readonly records: number;
}

export async function runRace(race: Race): Promise<RaceResult> {
  const deployments = Object.fromEntries(SOURCES.map((source) => [source, source]));
  const records = [...new FictionalLog(race.seed, race.people, deployments, { isDecided: true, kinds: race.kinds }).records(race.length)];
  const course = new RaceCourse(race, records);
  await course.run();
  return { shown: await course.rest(), known: cellsOf(records), records: records.length };
}

