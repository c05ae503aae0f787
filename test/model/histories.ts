import { BUCKETS, cellsOfLog, copyState, emptyStore, IDENTIFIER_PARTITIONS, LOCATIONS, printCells } from './store-in-miniature.js';
import type { Log, Store } from './store-in-miniature.js';
import { compact, consume, cut, GUARDS, link, reconcile, sweep } from './workers-in-miniature.js';
import type { Guard, Holds, Steps, Worker, World } from './workers-in-miniature.js';

/** mulberry32: small, seeded, good enough to shuffle steps. */
export function seededRandom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

interface Actor {
  readonly worker: Worker;
  readonly steps: Steps;
  /** Tick before which it does nothing: a process stopped past its session, that comes back as a zombie. */
  asleepUntil: number;
}

const SUBJECTS = ['a1', 'a2', 'a3', 'b1', 'b2'];
const TOKENS = ['x', 'y', 'z'];
const CHAOS_TICKS = 260;
/** Every third history has its store rewound often, and many sleepers that come back to it. */
const TURBULENT = { backup: 20, rewind: 35, sleep: 15 };
const ORDINARY = { backup: 60, rewind: 130, sleep: 40 };

/** One random history; the list of anomalies is empty when figures and cuts are those of the log. */
export function runHistory(seed: number, without: readonly Guard[] = []): string[] {
  const random = seededRandom(seed);
  // In every fourth history processes divide the people, and do not agree how.
  const holds = (): Holds => {
    if (seed % 4 !== 0) return () => true;
    const own = random(BUCKETS + 1);
    return (bucket) => own === BUCKETS || own === bucket;
  };
  const odds = seed % 3 === 0 ? TURBULENT : ORDINARY;
  const log: Log = {
    facts: Object.fromEntries(LOCATIONS.map((l) => [l, []])),
    identifiers: Object.fromEntries(IDENTIFIER_PARTITIONS.map((p) => [p, []])),
  };
  const world: World = {
    log,
    store: emptyStore(),
    guards: new Set(GUARDS.filter((guard) => !without.includes(guard))),
    random,
    stopAt: null,
    rewinds: 0,
    anomalies: [],
  };
  let born = 0;
  const newWorker = (): Worker => ({ name: `w${++born}`, memory: new Map(), told: new Set(), made: 0 });
  let workers = [newWorker(), newWorker()];
  let actors: Actor[] = [];
  let backups: Store[] = [];
  let swept = 0;

  const write = () => {
    const subject = SUBJECTS[random(SUBJECTS.length)]!;
    const revision = 1 + random(6);
    if (random(3) === 0) {
      const tokens = TOKENS.filter(() => random(3) === 0);
      const events = log.identifiers[subject.startsWith('a') ? 'a.0' : 'b.0']!;
      // One revision says one thing; a repeat is the same event again.
      events.push(events.find((e) => e.subject === subject && e.revision === revision) ?? { subject, revision, tokens });
      return;
    }
    const fact = `${subject}/${random(2)}`;
    const events = log.facts[subject.startsWith('a') ? 'a.0' : 'b.0']!;
    const value = random(4) === 0 ? null : `v${random(3)}`;
    events.push(events.find((e) => e.fact === fact && e.revision === revision) ?? { subject, fact, revision, value });
  };

  function* cutting(): Steps {
    const taken = yield* cut(world, 60);
    if (taken === null) return;
    const truth = cellsOfLog(log, taken.position);
    if (taken.cells !== truth) world.anomalies.push(`cut at a position: ${taken.cells} instead of ${truth}`);
  }

  // Done only once everyone is marked: one that dies half-way is begun again.
  function* sweeping(worker: Worker): Steps {
    const { rewinds } = world;
    yield* sweep(world, worker);
    swept = Math.max(swept, rewinds);
  }

  const start = (worker: Worker): Steps => {
    const kind = random(16);
    if (kind < 5) return consume(world, worker, LOCATIONS[random(LOCATIONS.length)]!);
    if (kind < 8) return link(world, worker, IDENTIFIER_PARTITIONS[random(IDENTIFIER_PARTITIONS.length)]!);
    if (kind < 14) return reconcile(world, worker, holds());
    if (kind < 15 || world.stopAt !== null) return compact(world, LOCATIONS[random(LOCATIONS.length)]!);
    return cutting();
  };

  const rewind = () => {
    const backup = backups[random(backups.length)];
    if (backup === undefined) return;
    const tag = random(5);
    const old = copyState(backup);
    if (tag === 0 || tag === 1) world.store.partitions[LOCATIONS[tag]] = old.partitions[LOCATIONS[tag]]!;
    else if (tag === 2) world.store.link = old.link;
    else if (tag === 3) {
      const bucket = random(2);
      world.store.buckets = world.store.buckets.map((state, index) => (index === bucket ? old.buckets[index]! : state));
    } else world.store = old;
    world.rewinds += 1;
  };

  const step = (actor: Actor) => {
    if (actor.steps.next().done === true) actors = actors.filter((other) => other !== actor);
  };

  for (let tick = 0; tick < CHAOS_TICKS; tick += 1) {
    if (random(8) === 0) write();
    if (random(odds.backup) === 0) backups = [...backups, copyState(world.store)].slice(-2);
    if (random(odds.rewind) === 0) rewind();
    if (random(30) === 0 && swept < world.rewinds && world.guards.has('sweep after a rewind')) {
      actors.push({ worker: workers[0]!, steps: sweeping(workers[0]!), asleepUntil: 0 });
    }
    if (random(70) === 0) {
      // A crash: what the process remembered and was doing is gone.
      const dead = workers[random(workers.length)]!;
      actors = actors.filter(({ worker }) => worker !== dead);
      workers = workers.map((worker) => (worker === dead ? newWorker() : worker));
    }
    if (actors.length < 6) {
      const worker = workers[random(workers.length)]!;
      actors.push({ worker, steps: start(worker), asleepUntil: random(12) === 0 ? tick + 20 + random(150) : 0 });
    }
    const awake = actors.filter(({ asleepUntil }) => asleepUntil <= tick);
    const actor = awake[random(awake.length)];
    if (actor === undefined) continue;
    step(actor);
    if (random(odds.sleep) === 0) actor.asleepUntil = tick + 20 + random(150);
  }

  // Recovery: fresh workers bring everything to rest; then what still slept wakes up; then rest again.
  world.stopAt = null;
  const zombies = actors.filter(({ asleepUntil }) => asleepUntil > 0);
  const survivor = newWorker();
  const quiesce = () => {
    for (let round = 0; round < 400; round += 1) {
      world.stopAt = null;
      const state = JSON.stringify([world.store.partitions, world.store.link.next]);
      for (const location of LOCATIONS) drain(consume(world, survivor, location));
      for (const partition of IDENTIFIER_PARTITIONS) drain(link(world, survivor, partition));
      drain(reconcile(world, survivor));
      const marks = [...Object.values(world.store.partitions), world.store.link, ...world.store.buckets].some((s) => s.marks.size > 0);
      if (!marks && state === JSON.stringify([world.store.partitions, world.store.link.next])) return;
    }
    world.anomalies.push('the backlog never went to zero');
  };
  if (swept < world.rewinds && world.guards.has('sweep after a rewind')) drain(sweep(world, survivor));
  quiesce();
  actors = zombies;
  while (actors.length > 0) step(actors[random(actors.length)]!);
  quiesce();

  const position = {
    facts: Object.fromEntries(Object.entries(log.facts).map(([name, events]) => [name, events.length])),
    identifiers: Object.fromEntries(Object.entries(log.identifiers).map(([name, events]) => [name, events.length])),
  };
  const shown = printCells(world.store.buckets.map(({ cells }) => cells));
  const truth = cellsOfLog(log, position);
  if (shown !== truth) world.anomalies.push(`${shown} instead of ${truth}`);
  return world.anomalies;
}

function drain(steps: Steps): void {
  while (steps.next().done !== true);
}
