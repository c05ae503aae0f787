import { ruleSetOf, UnknownRules } from '@throughline/outcome-metrics';
import type { RuleSet } from '@throughline/outcome-metrics';
import type { Generations } from '@throughline/state-store';
import type { Logger } from '@throughline/telemetry';
import type { GenerationNote } from './generation-note.js';

export interface RulesOfRunsOptions {
  readonly generations: Pick<Generations, 'settle'>;
  /** This process's own. */
  readonly rules: RuleSet;
  readonly logger: Logger;
}

/** What each generation is counted under: noted when it was begun, or settled where whoever began it has no rules. */
export class RulesOfRuns {
  readonly #versions = new Map<number, string>();
  readonly #sets = new Map<number, RuleSet>();

  constructor(private readonly options: RulesOfRunsOptions) {}

  /** @returns null where this build does not have them: other processes may. */
  async of(generation: number, { rules: noted }: Pick<GenerationNote, 'rules'>): Promise<RuleSet | null> {
    const { generations, rules: own, logger } = this.options;
    const version = noted ?? (await generations.settle(generation, own.version));
    const isNew = this.#versions.get(generation) !== version;
    this.delete(generation);
    this.#versions.set(generation, version);
    try {
      const rules = ruleSetOf(version);
      this.#sets.set(generation, rules);
      return rules;
    } catch (error) {
      if (!(error instanceof UnknownRules)) throw error;
      if (isNew) logger.error({ err: error, generation }, 'a generation is not run here: this build does not have its rules');
      return null;
    }
  }

  /** Version; null before it is known. */
  version(generation: number): string | null {
    return this.#versions.get(generation) ?? null;
  }

  /** Version that this build does not have; null: it has it. */
  unknown(generation: number): string | null {
    return this.#sets.has(generation) ? null : this.version(generation);
  }

  /** For a generation that takes the place of another: the same, where this process can count under them; else its own. */
  toKeep(generation: number | null): RuleSet {
    return (generation === null ? undefined : this.#sets.get(generation)) ?? this.options.rules;
  }

  delete(generation: number): void {
    this.#versions.delete(generation);
    this.#sets.delete(generation);
  }
}
