import { runHistory } from './histories.js';
import { GUARDS } from './workers-in-miniature.js';
import type { Guard } from './workers-in-miniature.js';

/**
 * A history that goes wrong without the guard. Some are rare: when the model changes, find others with
 * `node infra/local/run.mjs run test/model/find-histories.ts`.
 */
const GOES_WRONG: Readonly<Record<Guard, number>> = {
  'offset fence': 1,
  'load in one read': 65,
  'remembered timelines checked': 2,
  'what was checked is what is computed from': 16_587,
  'marks deleted by their own id': 66,
  'mark ids survive a rewind': 25_070,
  'mark kept unless all were written': 13_877,
  'mark kept until others are told whom they compute': 2_956,
  'version compared': 17,
  'version read first': 26,
  'version moves even when figures do not': 54,
  'versions never repeat when emptied': 57,
  'versions survive a rewind': 218,
  'absence is no version': 65_221,
  'all versions compared before any write': 1,
  'index stamp compared': 42,
  'every read of the index carries its stamp': 4_939,
  'old and new participants marked': 1,
  'a moved subject is nobody’s root': 1,
  'compaction fenced': 7,
  'sweep after a rewind': 1_789,
  'cut reads twice': 3_370,
};

describe('consume, link, reconcile and cut, interleaved between any two reads and writes', () => {
  it('end with the figures of the log in every history of crashes, zombies and rewinds', () => {
    const wrong = Array.from({ length: 1_000 }, (_, i) => i + 1).flatMap((seed) => runHistory(seed).map((anomaly) => ({ seed, anomaly })));
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(GOES_WRONG))('end right in the very history that goes wrong without the guard: %s', (_, seed) => {
    expect(runHistory(seed)).toEqual([]);
  });

  it.each(GUARDS)('need the guard: %s', (guard) => {
    expect(runHistory(GOES_WRONG[guard], [guard])).not.toEqual([]);
  });
});
