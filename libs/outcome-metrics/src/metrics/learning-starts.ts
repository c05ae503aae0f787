import { groupedBy } from './grouped.js';
import type { OutcomeMetric } from './outcome-metric.js';

export const learningStarts: OutcomeMetric = {
  id: 'learning_starts',
  title: 'Learning starts',
  counts: 'each learning aim and start date, however many years of returns tell of it; learning of which no aim is told is not counted, since somebody else may tell its aims',
  dated: 'the start date of the learning',
  numbers: [],
  attributed: true,
  count: ({ facts }) => {
    const started = facts.learning
      .filter(({ status, aim }) => status === 'STARTED' && aim !== null)
      .map((fact) => ({ fact, day: fact.startDate ?? fact.start }));
    return groupedBy(started, ({ fact, day }) => `${day} ${fact.aim}`).map((group) => ({ day: group[0].day, facts: group.map(({ fact }) => fact) }));
  },
};
