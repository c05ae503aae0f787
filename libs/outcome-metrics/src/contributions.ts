import { monthLabel, monthOf } from './calendar.js';
import { cellKey } from './cell-key.js';
import type { Cell, CellKey } from './cell-key.js';
import type { Fact, FactBase } from './fact.js';
import type { Count, OutcomeMetric } from './metrics/outcome-metric.js';
import { metricsOf } from './metrics/registry.js';
import { participantFrom } from './participant.js';
import type { Participant } from './participant.js';
import type { RuleSet } from './rules/index.js';

/** What a participant, or all of them, add to the figures; never zero. */
export type Contributions = Map<CellKey, number>;

const addAgreement = (found: string[], fact: FactBase | undefined): void => {
  if (fact !== undefined && !found.includes(fact.agreement)) found.push(fact.agreement);
};

const cellOf = (metric: OutcomeMetric, count: Count, { circumstances, attribution }: Participant): Cell => {
  const { day } = count;
  const district = circumstances.districtAt(day);
  const ageBand = circumstances.ageBandAt(day);
  const priorityGroup = circumstances.priorityGroupAt(day);
  const { programme, fact } =
    count.programme === undefined ? attribution.programmeAt(day) : { programme: count.programme, fact: undefined };
  const agreements: string[] = [];
  for (const read of count.facts) addAgreement(agreements, read);
  addAgreement(agreements, district.fact);
  addAgreement(agreements, ageBand.fact);
  addAgreement(agreements, priorityGroup.fact);
  addAgreement(agreements, fact);
  return {
    metric: metric.id,
    month: monthLabel(monthOf(day)),
    district: district.value,
    programme,
    ageBand: ageBand.value,
    priorityGroup: priorityGroup.value,
    agreements: agreements.length > 1 ? agreements.sort() : agreements,
  };
};

/**
 * What one participant adds to the figures. Pure: reads no clock, and depends neither on the order of the
 * facts nor on how the facts are spread over subjects. Linear in the number of facts after one sort, so a long series of
 * payments costs what reading it costs.
 *
 * @param facts in force, of all subjects that are this participant
 */
export const contributions = (facts: Iterable<Fact>, rules: RuleSet): Contributions => {
  const participant = participantFrom(facts, rules);
  const cells: Contributions = new Map();
  for (const metric of metricsOf(rules)) {
    for (const count of metric.count(participant, rules)) {
      const key = cellKey(cellOf(metric, count, participant));
      cells.set(key, (cells.get(key) ?? 0) + 1);
    }
  }
  return cells;
};
