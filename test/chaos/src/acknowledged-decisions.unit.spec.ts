import { AcknowledgedDecisions } from './acknowledged-decisions.js';

describe('decisions that were acknowledged', () => {
  it('are missed where they are not in force, until they are taken back', () => {
    const acknowledged = new AcknowledgedDecisions();
    for (const decision of ['a', 'b', 'c']) acknowledged.made(decision);
    expect(acknowledged.missingFrom(['c', 'a', 'b'])).toEqual([]);
    expect(acknowledged.missingFrom(['b'])).toEqual(['a', 'c']);
    acknowledged.takenBack('a');
    expect(acknowledged.missingFrom(['b'])).toEqual(['c']);
  });

  it('are not all that may be in force', () => {
    const acknowledged = new AcknowledgedDecisions();
    acknowledged.takenBack('nobody said so');
    expect(acknowledged.missingFrom(['its answer was lost'])).toEqual([]);
  });
});
