import { IDENTITY_FAULTS } from '@throughline/test-population';
import type { IdentityFault, UntidinessLevel } from '@throughline/test-population';
import { livedCells } from '@throughline/test-recount';
import { cellsOf, driftOf, totals } from './figures.js';
import type { Drift } from './figures.js';
import { linkedPopulation } from './linked-population.js';
import type { LinkedPopulation } from './linked-population.js';
import { falseOf, pairsIn } from './pairs.js';
import type { Pairs } from './pairs.js';

/** Levels that are told of; `perfect` is what formats alone cost, and people who marry and move. */
export const LEVELS = ['perfect', 'tidy', 'ordinary', 'untidy'] as const satisfies readonly UntidinessLevel[];

/** What one metric comes to, over all its cells. */
export interface MetricCost {
  /** Of all that partners told, put together by whom it is truly about. */
  readonly truly: number;
  /** Put together by linkage. */
  readonly linked: number;
  /** Of single cells; both 0: linkage cost nothing. */
  readonly drift: Drift;
}

/** Pairs of subjects that are right in the same files without one fault. */
export interface FaultCost {
  readonly fault: IdentityFault;
  readonly missed: number;
  readonly falselyJoined: number;
}

export interface LevelReport {
  readonly level: UntidinessLevel;
  readonly subjects: number;
  /** Participants that linkage makes of them. */
  readonly participants: number;
  readonly pairs: Pairs;
  readonly metrics: ReadonlyMap<string, MetricCost>;
  /** In the order asked for; where files are perfect, of what people do themselves only. */
  readonly faults: readonly FaultCost[];
}

export interface LinkageReport {
  readonly seed: string;
  readonly people: number;
  /** By metric, of the lives themselves: the same at every level. */
  readonly lived: ReadonlyMap<string, number>;
  readonly levels: readonly LevelReport[];
}

export interface ReportOptions {
  readonly seed: string;
  readonly people: number;
  /** Default: every one. */
  readonly faults?: readonly IdentityFault[];
  /** Default: {@link LEVELS}. */
  readonly levels?: readonly UntidinessLevel[];
  /** Called after each population that was linked, of how many. */
  readonly progress?: (done: number, of: number) => void;
}

/** How well linkage tells who is who in files of every level, what it misses by cause, and what that costs figures. */
export async function linkageReport({ seed, people, faults = IDENTITY_FAULTS, levels = LEVELS, progress }: ReportOptions): Promise<LinkageReport> {
  const faultsAt = (level: UntidinessLevel): readonly IdentityFault[] => (level === 'perfect' ? faults.filter(({ life }) => life !== undefined) : faults);
  const runs = levels.reduce((sum, level) => sum + 1 + faultsAt(level).length, 0);
  let done = 0;
  let lived: ReadonlyMap<string, number> = new Map();
  const link = async (level: UntidinessLevel, without?: IdentityFault): Promise<LinkedPopulation> => {
    const asked = { seed, people, untidiness: level };
    const population = without === undefined ? await linkedPopulation(asked, (folder) => (lived = totals(livedCells(folder)))) : await linkedPopulation({ ...asked, without });
    progress?.((done += 1), runs);
    return population;
  };
  const reports: LevelReport[] = [];
  for (const level of levels) {
    const population = await link(level);
    const pairs = pairsIn(population);
    const costs: FaultCost[] = [];
    for (const fault of faultsAt(level)) costs.push(costOf(fault, pairs, pairsIn(await link(level, fault))));
    reports.push({ level, subjects: population.subjects.length, participants: new Set(population.subjects.map(({ participant }) => participant)).size, pairs, metrics: metricsOf(population), faults: costs });
  }
  return { seed, people, lived, levels: reports };
}

/** What would be right without a fault, as much as it is more. A population without a fault may have other subjects: a few. */
const costOf = (fault: IdentityFault, pairs: Pairs, without: Pairs): FaultCost => ({
  fault,
  missed: pairs.true - pairs.joined - (without.true - without.joined),
  falselyJoined: falseOf(pairs.falselyJoined) - falseOf(without.falselyJoined),
});

function metricsOf({ subjects }: LinkedPopulation): Map<string, MetricCost> {
  const [truly, linked] = [cellsOf(subjects, ({ life }) => String(life)), cellsOf(subjects, ({ participant }) => participant)];
  const [right, shown, drifts] = [totals(truly), totals(linked), driftOf(linked, truly)];
  return new Map([...drifts].sort().map(([metric, drift]) => [metric, { truly: right.get(metric) ?? 0, linked: shown.get(metric) ?? 0, drift }]));
}
