import { eventsOf, FAULTS, judge } from './sweep-verdict.js';
import type { SweptRun } from './sweep-verdict.js';
import { lostByPowerCut, readTrace, targetsIn, wasStruck } from './traced-calls.js';

const FOLDER = '/tmp/swept-1';
const SPOOLED = [
  `8 openat(AT_FDCWD, "${FOLDER}/a.unfinished", O_WRONLY|O_CREAT, 0600) = 9<${FOLDER}/a.unfinished>`,
  '8 write(7<anon_inode:[eventfd]>, ""..., 8) = 8',
  `8 write(9<${FOLDER}/a.unfinished>, ""..., 40) = 40`,
  `8 fsync(9<${FOLDER}/a.unfinished> <unfinished ...>`,
  '5 write(1<pipe:[1]>, ""..., 8) = 8',
  '8 <... fsync resumed>) = 0',
  `8 rename("${FOLDER}/a.unfinished", "${FOLDER}/b.payload") = 0`,
  `8 fsync(9<${FOLDER}>) = 0`,
  `5 pwrite64(6<${FOLDER}/receipts.sqlite-wal>, ""..., 24, 0) = 24`,
  `5 fsync(6<${FOLDER}/receipts.sqlite-wal>) = 0`,
];
const ANSWERED = [`5 access("${FOLDER}/answered", F_OK) = -1 ENOENT (No such file or directory)`, `5 pwrite64(4<${FOLDER}/ledger.sqlite-wal>, ""..., 24, 0) = 24`];
const calls = (lines: readonly string[]) => readTrace(lines.join('\n'));

describe('what was traced', () => {
  it('is told by the calls of each thread, those on other files counted and not struck', () => {
    const targets = targetsIn(calls([...SPOOLED, ...ANSWERED]), FOLDER, 5);
    expect(targets.map(({ thread, call, nth, answered }) => `${thread} ${call} ${nth}${answered ? ' answered' : ''}`)).toEqual([
      'pool openat 1',
      'pool write 2',
      'pool fsync 1',
      'pool rename 1',
      'pool fsync 2',
      'main pwrite64 1',
      'main fsync 1',
      'main pwrite64 2 answered',
    ]);
  });

  it('was struck where the fault met a file of the folder', () => {
    expect(wasStruck(`fsync(9<${FOLDER}>) = -1 EIO (Input/output error) (INJECTED)`, FOLDER)).toBe(true);
    expect(wasStruck(`fsync(9<${FOLDER}>) = ?\n+++ killed by SIGKILL +++`, FOLDER)).toBe(true);
    expect(wasStruck(`fsync(9<${FOLDER}>) = 0\nwrite(7<anon_inode:[eventfd]>, ""..., 8) = -1 EIO (Input/output error) (INJECTED)`, FOLDER)).toBe(false);
  });
});

describe('a receipt and a power cut', () => {
  it('loses nothing that was synced before the answer', () => {
    expect(lostByPowerCut(calls([...SPOOLED, ...ANSWERED]), FOLDER)).toEqual([]);
  });

  it.each([
    [['the payload is not synced'], 'a.unfinished> <unfinished'],
    [['the payload’s name is not synced'], `fsync(9<${FOLDER}>)`],
    [['the receipt is not synced'], 'fsync(6<'],
    [['no payload has its name'], 'rename('],
  ])('%s', (lost, without) => {
    const lines = SPOOLED.filter((line) => !line.includes(without));
    expect(lostByPowerCut(calls([...lines, ...ANSWERED].filter((line) => without !== 'a.unfinished> <unfinished' || !line.includes('resumed'))), FOLDER)).toEqual(lost);
  });

  it('is never told where nobody was answered', () => {
    expect(lostByPowerCut(calls(SPOOLED), FOLDER)).toEqual(['the sender was not answered']);
  });
});

describe('what became of a submission', () => {
  const event = { topic: 'partner-events.drill', key: Buffer.from([1]), value: Buffer.from([2]) };
  const expected = eventsOf([event]);
  const kept: SweptRun = { answer: { submission: 'a' }, receipts: ['a'], leftovers: [], publishedBefore: null, answeredAgain: null, state: 'published', log: [event, event] };
  const problem = { status: 507, code: 'spool-not-writable', place: 'server', expected: 'room', remedy: 'Send it again.' };
  const refused: SweptRun = { ...kept, answer: { problem }, receipts: [], publishedBefore: 0, answeredAgain: { submission: 'a' } };

  it('is right with a receipt that is kept, an error that leaves nothing, or no answer', () => {
    for (const run of [kept, refused]) for (const fault of FAULTS) expect(judge(run, expected, fault)).toEqual([]);
    for (const run of [{ ...refused, answer: null }, { ...refused, answer: null, receipts: ['a'], publishedBefore: 1 }]) expect(judge(run, expected, 'KILL')).toEqual([]);
  });

  it.each<[string, SweptRun]>([
    ['a receipt was given and is not known after the next start', { ...kept, receipts: [] }],
    ['the sender was told nothing', { ...refused, answer: null }],
    ['the sender was told 500 internal', { ...refused, answer: { problem: { ...problem, status: 500, code: 'internal' } } }],
    ['nothing was accepted, and a receipt is found at the next start', { ...refused, receipts: ['a'] }],
    ['nothing was accepted, and events were published', { ...refused, publishedBefore: 1 }],
    ['sent again, the sender was told 507 spool-not-writable', { ...refused, answeredAgain: { problem } }],
    ['1 unfinished files are left after the next start', { ...kept, leftovers: ['x'] }],
    ['the submission is never done with', { ...kept, state: null }],
    ['1 of 1 events are not published', { ...kept, log: [] }],
    ['events are published that the submission does not tell', { ...kept, log: [event, { ...event, key: Buffer.from([9]) }] }],
    ['an event says something else than without the fault', { ...kept, log: [event, { ...event, value: Buffer.from([9]) }, event] }],
  ])('%s', (wrong, run) => {
    expect(judge(run, expected, 'EIO')).toEqual([wrong]);
  });
});
