import { decodeEvent } from '@throughline/event-contracts';
import type { MemoryLog } from '@throughline/event-bus/testing';
import type { StoreCopy } from '@throughline/state-store/testing';
import type { Random } from '@throughline/test-population';
import type { AdapterProcess } from './adapter-process.js';
import { ServiceProcess } from './service-process.js';
import type { ServiceWorld } from './service-process.js';

/** Copies of the store that are kept to be put back. */
const COPIES = 3;
const LONGEST_AWAY = 400;
const LONGEST_SLEEP = 900;

export interface NemesisOptions extends ServiceWorld {
  readonly random: Random;
  readonly adapters: readonly AdapterProcess[];
  readonly services: ServiceProcess[];
  readonly onCrash: (error: Error) => void;
}

/** Does between two steps what happens to machines. */
export class Nemesis {
  readonly #copies: StoreCopy[] = [];
  /** What happens later, by step. */
  #later: { readonly step: number; readonly act: () => void }[] = [];
  #started: number;

  constructor(private readonly options: NemesisOptions) {
    this.#started = options.services.length;
  }

  async strike(): Promise<void> {
    const { faults, random, adapters, store, log, services, scheduler } = this.options;
    const due = this.#later.filter(({ step }) => step <= scheduler.steps);
    this.#later = this.#later.filter(({ step }) => step > scheduler.steps);
    for (const { act } of due) act();
    if (faults.happens('adapter killed')) await random.pick(adapters).killAndRestart();
    const awake = services.filter(({ process }) => process.alive && process.asleepUntil <= scheduler.steps);
    if (awake.length > 0 && faults.happens('service killed')) this.#kill(random.pick(awake));
    if (awake.length > 0 && faults.happens('service asleep')) this.#putToSleep(random.pick(awake));
    if (log.groups().length > 0 && faults.happens('rebalance')) random.pick(log.groups()).rebalance();
    if (faults.happens('store copied')) this.#copies.splice(0, this.#copies.length >= COPIES ? 1 : 0, store.copy());
    if (this.#copies.length > 0 && faults.happens('store restored')) store.restart(random.pick(this.#copies));
    if (faults.happens('store emptied')) store.restart(null);
    if (faults.happens('log compacted')) log.compact(random.pick(log.topics(/^(partner-events|subject-identifiers)\./)));
    if (faults.happens('record erased')) eraseOneSuperseded(log, random);
  }

  /** Whoever is away comes back; whoever sleeps is given up by its group, and sleeps on until {@link wake}. */
  settle(): void {
    for (const { act } of this.#later.sort((a, b) => a.step - b.step)) act();
    this.#later = [];
    for (const service of this.#sleepers()) {
      service.expel();
      service.process.asleepUntil = Infinity;
    }
    // Somebody has to be awake.
    for (const kind of ['linkage', 'outcomes'] as const) {
      if (!this.options.services.some((service) => service.kind === kind && service.process.alive && service.process.asleepUntil === 0)) this.#start(kind);
    }
  }

  /** Those that slept come back to a world that went on without them. @returns how many */
  wake(): number {
    const sleepers = this.#sleepers();
    for (const { process } of sleepers) process.asleepUntil = 0;
    return sleepers.length;
  }

  #sleepers(): ServiceProcess[] {
    return this.options.services.filter(({ process }) => process.alive && process.asleepUntil > this.options.scheduler.steps);
  }

  #start(kind: ServiceProcess['kind']): void {
    this.#started += 1;
    const service = new ServiceProcess(kind, this.#started, this.options, this.options.onCrash);
    this.options.services.push(service);
    service.start();
  }

  #kill(service: ServiceProcess): void {
    service.kill();
    this.#after(LONGEST_AWAY, () => this.#start(service.kind));
  }

  #putToSleep(service: ServiceProcess): void {
    const { random, scheduler } = this.options;
    const steps = random.between(50, LONGEST_SLEEP);
    service.process.asleepUntil = scheduler.steps + steps;
    this.#after(steps, () => service.expel());
  }

  #after(most: number, act: () => void): void {
    this.#later.push({ step: this.options.scheduler.steps + this.options.random.between(1, most), act });
  }
}

/** A tombstone for a word that a later one of its fact overtook: no figure depends on it any more. */
function eraseOneSuperseded(log: MemoryLog, random: Random): void {
  const topic = random.pick(log.topics(/^(partner-events|subject-identifiers)\./));
  const words = log.records(topic).flatMap(({ key, value }) => (key === null || value === null ? [] : [{ key, meta: decodeEvent(value).value.meta }]));
  const superseded = words.filter(({ meta }) =>
    words.some(({ meta: other }) => other.factId.equals(meta.factId) && (other.revision.instant - meta.revision.instant || other.revision.sequence - meta.revision.sequence) > 0),
  );
  if (superseded.length > 0) log.append([{ topic, key: random.pick(superseded).key, value: null }]);
}
