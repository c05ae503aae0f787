import { JoinTroubles } from './join-troubles.js';

const levels = (troubles: JoinTroubles, count: number): string[] => Array.from({ length: count }, () => troubles.nextLevel());

describe('the level of a trouble', () => {
  it('is that of a routine start for the first joins, and a warning when they go on failing', () => {
    expect(levels(new JoinTroubles(), 5)).toEqual(['info', 'info', 'info', 'warn', 'warn']);
  });

  it('is a warning once partitions were assigned, however few there were before', () => {
    const troubles = new JoinTroubles();
    troubles.nextLevel();
    troubles.assigned();
    expect(levels(troubles, 2)).toEqual(['warn', 'warn']);
  });
});
