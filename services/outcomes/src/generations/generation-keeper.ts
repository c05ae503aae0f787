import type { RuleSet } from '@throughline/outcome-metrics';
import type { GenerationList, Generations, LogPosition } from '@throughline/state-store';
import { FollowedGenerations } from '@throughline/state-store';
import type { Logger } from '@throughline/telemetry';
import { ALL_DONE, Building, NOTHING_YET } from './building.js';
import type { Progress } from './building.js';
import { readNote, writeNote } from './generation-note.js';
import type { GenerationNote } from './generation-note.js';
import type { GenerationRun } from './generation-run.js';
import type { GenerationStatus } from './generation-status.js';
import type { LogEnds } from './log-ends.js';
import { NotBeingBuilt } from './not-being-built.js';
import { RebuildUnderWay } from './rebuild-under-way.js';
import { RulesOfRuns } from './rules-of-runs.js';

export interface GenerationKeeperOptions {
  readonly generations: Generations;
  readonly readLogEnds: () => Promise<LogEnds>;
  /** What new generations are counted under. */
  readonly rules: RuleSet;
  /** Not started yet. */
  readonly newRun: (generation: number, until: LogPosition | null, rules: RuleSet) => GenerationRun;
  /** Marks everyone of a generation, up to these ends of its topics of facts. */
  readonly markEveryone: (generation: number, facts: LogPosition) => Promise<void>;
  readonly now: () => number;
  readonly logger: Logger;
  /** Milliseconds between looks at what is being built and at the store; default 500. */
  readonly everyMs?: number;
}

/** Looks between two at what dropped generations have left, half a minute by default; and at once when one is dropped. */
const LOOKS_PER_CLEANING = 60;

/** Share of a log's records that may lie in another partition than their subject's: a bad producer's, put aside one by one. */
const MOST_MISPLACED = 0.01;

const MISPLACED_REMEDY = 'A topic was given other partitions than its records were placed by: copy its records to a topic with the partitions it has now, or make it anew as it was; then rebuild.';

/** How long a generation that stays at a position outlives the process that began it, milliseconds. */
const KEPT_MS = 60_000;

/** Runs every generation there is, shows the one that is complete, and mends the view after any doubt. */
export class GenerationKeeper {
  readonly #notes = new Map<number, GenerationNote>();
  readonly #building = new Map<number, Building>();
  readonly #progress = new Map<number, Progress>();
  readonly #rules: RulesOfRuns;
  /** Generations at a position that this process began. */
  readonly #kept = new Set<number>();
  readonly #followed: FollowedGenerations<GenerationRun>;
  #current: number | null = null;
  /** The store went back, and nobody else has been told. */
  #wentBack = false;
  /** Until it was seen once that the current generation is counted under this process's rules, or another was begun for them. */
  #rulesDue = true;
  #looksToCleaning = 0;
  readonly #toldMisplaced = new Set<number>();

  constructor(private readonly options: GenerationKeeperOptions) {
    const { generations, logger } = options;
    this.#rules = new RulesOfRuns(options);
    this.#followed = new FollowedGenerations({
      generations,
      firstNote: () => this.#note('first'),
      newRun: async (generation, text) => {
        const note = readNote(text);
        const rules = await this.#rules.of(generation, note);
        return rules === null ? null : options.newRun(generation, note.until ?? null, rules);
      },
      onWentBack: (generation) => {
        logger.warn({ generation }, 'the store went back: it is read on from there and everyone is marked');
        this.#wentBack = true;
      },
      onLook: (list) => this.#look(list),
      onTrouble: (error) => logger.warn({ err: error }, 'the view is looked at again'),
      ...(options.everyMs === undefined ? {} : { everyMs: options.everyMs }),
    });
  }

  async start(): Promise<void> {
    await this.options.generations.ensureFirst(this.#note('first'));
    await this.#followed.start();
  }

  async stop(): Promise<void> {
    await this.#followed.stop();
  }

  /** The run whose figures are shown unless they are in doubt, or null while none is complete. */
  get current(): GenerationRun | null {
    return this.#current === null ? null : (this.runOf(this.#current) ?? null);
  }

  /** Whether the current generation has yet to be found complete after a doubt, as far as this process has looked. */
  get isInDoubt(): boolean {
    return this.#current !== null && this.#building.has(this.#current);
  }

  get runs(): readonly GenerationRun[] {
    return [...this.#followed.runs.values()];
  }

  /** Share of the log, 0 to 1, that the newest generation under construction or in doubt has taken in; 1 when none is. */
  get progress(): number {
    const newest = Math.max(-1, ...this.#building.keys());
    return this.#building.has(newest) ? (this.#progress.get(newest)?.read ?? 0) : 1;
  }

  status(): GenerationStatus[] {
    return [...this.#notes].map(([generation, { reason, startedAt }]) => {
      const { read, reconciled } = this.#building.has(generation) || generation !== this.#current ? (this.#progress.get(generation) ?? NOTHING_YET) : ALL_DONE;
      const held = (this.runOf(generation)?.consumer.held() ?? []).map(({ message }) => message);
      if (this.#toldMisplaced.has(generation)) held.push(`RECORDS_MISPLACED. ${MISPLACED_REMEDY}`);
      const unknown = this.#rules.unknown(generation);
      if (unknown !== null) held.push(`UNKNOWN_RULES. This build has no rules ${unknown}. Start one that has them, or POST /internal/rebuild${generation === this.#current ? '' : `?instead=${generation}`}.`);
      return { generation, reason, startedAt, current: generation === this.#current, rules: this.#rules.version(generation) ?? '', progress: read, reconciled, held };
    });
  }

  /**
   * Begins the next generation beside the current one, under the same rules; or in the place of another, under that one's.
   * @param instead the one under construction whose place it takes.
   * @throws RebuildUnderWay, NotBeingBuilt
   */
  async rebuild(instead: number | null = null): Promise<number> {
    const answer = await this.options.generations.rebuild(this.#note('rebuild', { rules: this.#rules.toKeep(instead ?? this.#current) }), instead);
    await this.#followed.look();
    if ('begun' in answer) return answer.begun;
    throw answer.underWay === null ? new NotBeingBuilt(instead ?? 0, this.status().map(({ generation, current }) => ({ generation, current }))) : new RebuildUnderWay(answer.underWay);
  }

  /**
   * Begins a generation that stays at a position; it never becomes the current one. Whoever began it drops it; it is
   * dropped as well a minute after its process is gone.
   * @param rules what it is counted under.
   */
  async buildTo(until: LogPosition, rules: RuleSet = this.options.rules): Promise<number> {
    const generation = await this.options.generations.beginKept(this.#note('position', { until, rules }), KEPT_MS);
    this.#kept.add(generation);
    await this.#followed.look();
    return generation;
  }

  runOf(generation: number): GenerationRun | undefined {
    return this.#followed.runs.get(generation);
  }

  async drop(generation: number): Promise<void> {
    this.#kept.delete(generation);
    await this.options.generations.forget(generation);
    await this.#followed.look();
  }

  /** Marks everyone in every generation there is. */
  async sweep(): Promise<void> {
    await this.#sweep((await this.options.generations.list()).all);
  }

  async #sweep(all: GenerationList['all']): Promise<void> {
    const { facts } = await this.options.readLogEnds();
    for (const { generation } of all) await this.options.markEveryone(generation, facts);
    for (const run of this.runs) run.announce();
  }

  /** Called with a run for each generation of the list that can be run here. */
  async #look({ current, all }: GenerationList): Promise<void> {
    const { generations, logger } = this.options;
    // Put back to before it was counted under these rules: that is due again.
    if (this.#current !== null && current !== null && current < this.#current) this.#rulesDue = true;
    this.#current = current;
    const there = new Set(all.map(({ generation }) => generation));
    for (const generation of [...this.#notes.keys()].filter((known) => !there.has(known))) {
      for (const map of [this.#notes, this.#building, this.#progress, this.#rules]) map.delete(generation);
      this.#looksToCleaning = 0;
    }
    const sweep = (await this.#lastSweep()) ?? (await this.#sweepAfterDoubt(all));
    for (const { generation, note } of all) await this.#watchOver(generation, readNote(note), current, sweep);
    await this.#watchOverDoubt(sweep);
    for (const [generation, building] of [...this.#building]) {
      const run = this.runOf(generation);
      if (run === undefined || !(await this.#isComplete(run, building))) continue;
      if (building.why === 'new') await generations.promote(generation);
      if (!(await generations.foundWhole(sweep))) continue;
      this.#building.delete(generation);
      this.#current = generation;
      logger.info({ generation }, building.why === 'new' ? 'generation is current' : 'generation is whole again');
    }
    await this.#rebuildWhatCannotBeRead(all);
    await this.#rebuildUnderOtherRules();
    // One that was current and is no longer is what the pointer moved away from. Its run ends with the next look.
    for (const generation of there) {
      if (this.#current === null || generation >= this.#current || this.#notes.get(generation)?.until !== undefined) continue;
      if (await generations.forget(generation)) logger.info({ generation }, 'generation dropped');
    }
    await this.#dropAbandoned(there);
    if (this.#looksToCleaning-- > 0) return;
    this.#looksToCleaning = LOOKS_PER_CLEANING;
    await generations.deleteForgotten();
  }

  async #watchOver(generation: number, note: GenerationNote, current: number | null, sweep: string): Promise<void> {
    const isNew = !this.#notes.has(generation);
    // The pointer moves back with the store's contents alone, or is lost with them: then what was current is built again.
    const why = this.#building.get(generation)?.why;
    if (current !== null && generation <= current) {
      if (why === 'new' || generation < current) this.#building.delete(generation);
    } else if (note.until === undefined && why !== 'new') await this.#build(generation, 'new', sweep);
    if (!isNew) return;
    this.#notes.set(generation, note);
    this.options.logger.info({ generation, reason: note.reason }, 'generation followed');
  }

  /** Keeps what this process began at a position, and drops what nobody keeps any longer. */
  async #dropAbandoned(there: ReadonlySet<number>): Promise<void> {
    const { generations, logger } = this.options;
    for (const generation of this.#kept) if (!(await generations.keep(generation, KEPT_MS))) this.#kept.delete(generation);
    for (const generation of there) {
      if (this.#notes.get(generation)?.until === undefined || (await generations.isKept(generation))) continue;
      if (await generations.forget(generation)) logger.info({ generation }, 'generation dropped: whoever began it is gone');
    }
  }

  async #lastSweep(): Promise<string | null> {
    if (this.#wentBack) await this.options.generations.doubt();
    this.#wentBack = false;
    return this.options.generations.lastSweep();
  }

  /** Marks everyone when the store may hold an older copy of what it held. @returns the sweep */
  async #sweepAfterDoubt(all: GenerationList['all']): Promise<string> {
    const { generations, logger } = this.options;
    const serverRun = await generations.serverRun();
    if (this.#current === null) logger.info({}, 'the store is new here: everyone is marked');
    // That it went back while it ran was told when it was seen; what is left is what every restart of Redis brings.
    else logger.info({}, 'the store was restarted, or another process saw it go back: everyone is marked and computed again, and nothing needs to be done');
    await this.#sweep(all);
    return generations.everyoneMarked(serverRun);
  }

  /**
   * After a doubt nothing of the store is shown before it has read on to where the log ends now and nobody is marked. Whoever
   * swept: what was marked before may be gone with the store, so that no mark of it would be missed, and the sweep's are new.
   */
  async #watchOverDoubt(sweep: string): Promise<void> {
    const current = this.#current;
    const isWhole = await this.options.generations.isWhole();
    // Whoever found it whole first has looked at the same store.
    if (isWhole) for (const [generation, { why }] of this.#building) if (why === 'doubt') this.#building.delete(generation);
    if (current !== null && !isWhole && !this.#building.has(current)) await this.#build(current, 'doubt', sweep);
    for (const [generation, building] of [...this.#building]) if (building.sweep !== sweep) await this.#build(generation, building.why, sweep);
  }

  async #build(generation: number, why: Building['why'], sweep: string): Promise<void> {
    this.#building.set(generation, new Building(why, await this.options.readLogEnds(), sweep));
  }

  /**
   * Where people of the current generation cannot be computed from what is stored, state and log disagree: it is built anew
   * from the log. Once: where that cannot be computed either, what is wrong is not in the store.
   */
  async #rebuildWhatCannotBeRead(all: GenerationList['all']): Promise<void> {
    const { generations, logger } = this.options;
    const current = this.#current;
    const note = current === null ? undefined : this.#notes.get(current);
    const unreadable = current === null ? 0 : (this.runOf(current)?.unreadable ?? 0);
    if (current === null || note === undefined || unreadable === 0 || note.reason === 'repair' || all.some(({ generation }) => generation > current)) return;
    const answer = await generations.rebuild(this.#note('repair', { rules: this.#rules.toKeep(current) }));
    if ('begun' in answer) logger.warn({ generation: answer.begun, instead: current, participants: unreadable }, 'what is stored cannot be read: it is built anew from the log');
  }

  /**
   * Where the current generation is counted under other rules than this process was started with, the next one is begun. Once:
   * of two processes that were given different rules the one started last has its way, and neither undoes it for ever.
   */
  async #rebuildUnderOtherRules(): Promise<void> {
    const { generations, logger, rules } = this.options;
    const counted = this.#current === null ? null : this.#rules.version(this.#current);
    if (!this.#rulesDue || counted === null) return;
    this.#rulesDue = false;
    if (counted === rules.version) return;
    const answer = await generations.rebuild(this.#note('rules'));
    // One is being built that may be of these rules, or not: looked at again when it is current.
    if ('underWay' in answer) this.#rulesDue = true;
    else logger.info({ generation: answer.begun, instead: this.#current, rules: rules.version, before: counted }, 'the rules are others: figures are counted anew beside those that are shown');
  }

  /** Reached the ends taken at its start, and nobody who was marked then is still marked. */
  async #isComplete(run: GenerationRun, building: Building): Promise<boolean> {
    const { records, ...progress } = await building.look(run);
    this.#progress.set(run.generation, progress);
    return progress.reconciled === 1 && !(await this.#isMisplaced(run, records));
  }

  /** Whether too much of the log lay where no subject's facts are looked for: figures of the rest are not those of the log. */
  async #isMisplaced(run: GenerationRun, records: number): Promise<boolean> {
    const misplaced = await run.layout.misplaced();
    if (misplaced <= records * MOST_MISPLACED) return false;
    if (!this.#toldMisplaced.has(run.generation)) {
      this.options.logger.error({ generation: run.generation, code: 'RECORDS_MISPLACED', misplaced, records, remedy: MISPLACED_REMEDY }, 'a generation that could not place its records does not become current');
    }
    this.#toldMisplaced.add(run.generation);
    return true;
  }

  /** @param rules what it is counted under; default: this process's own */
  #note(reason: GenerationNote['reason'], { until, rules = this.options.rules }: { readonly until?: LogPosition; readonly rules?: RuleSet } = {}): string {
    const startedAt = new Date(this.options.now()).toISOString();
    return writeNote({ reason, startedAt, rules: rules.version, ...(until === undefined ? {} : { until }) });
  }
}
