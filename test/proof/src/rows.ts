import { schemaPairs } from '@throughline/event-contracts/testing';
import { attack, DRILLS, halves, readPatches, tryPatches } from '@throughline/test-chaos';
import type { Drill } from '@throughline/test-chaos';
import { runHistories, tellOf } from '@throughline/test-simulation';
import { seedOf } from './compared-cells.js';
import { conservation } from './conservation.js';
import { fuzz } from './fuzz.js';
import { permutations } from './permutations.js';
import type { ProofRow } from './proof-row.js';
import { replay } from './replay.js';
import { races } from './races.js';

const PATCH_LIMIT_MS = 300_000;
/** Of whom some 34 records are told each: a million, and a few in a hundred more, in three hundred faults. */
const PEOPLE_PER_FAULT = 105;
/** Of so many histories it is found out which faults they cannot do without; each takes many more runs. */
const MOST_EXPLAINED = 3;

const simulation: Drill = async ({ trials, seed, onTrial, signal }) => {
  const { failures, faults } = await runHistories(seedOf(seed), trials, (done) => {
    signal?.throwIfAborted();
    onTrial?.(done);
  });
  const explained = await Promise.all(failures.slice(0, MOST_EXPLAINED).map(tellOf));
  return { trials, anomalies: [...explained, ...failures.slice(MOST_EXPLAINED).map(({ seed: each, anomalies }) => `Seed ${each} went wrong: ${anomalies.join('; ')}`)], counts: { faults } };
};

/** A trial: one patch, applied to a copy of the sources. */
const sabotage: Drill = async ({ trials, onTrial, signal = new AbortController().signal }) => {
  const tried = await tryPatches({ patches: (await readPatches()).slice(0, trials), limitMs: PATCH_LIMIT_MS, interrupted: signal, onTrial: (_, done) => onTrial?.(done) });
  const survivors = tried.filter(({ verdict }) => !verdict.caught);
  return { trials: tried.length, anomalies: survivors.map(({ patch, verdict }) => `${patch.name}: ${verdict.text}`), counts: {} };
};

/** A trial: one fault. */
const chaos: Drill = async ({ trials, seed, onTrial, signal }) => {
  const report = await attack({
    seed,
    faults: trials,
    people: trials * PEOPLE_PER_FAULT,
    twoAtOnce: 0.2,
    tell: () => undefined,
    onFault: (_, number) => onTrial?.(number),
    ...(signal === undefined ? {} : { signal }),
  });
  return {
    trials: report.ledger.length,
    anomalies: report.anomalies.map(({ promise, what }) => `${promise}: ${what}`),
    counts: { records: report.records, 'ms of recovery': Math.ceil(report.recoveryMs), 'ms of a rebuild of them all': Math.ceil(report.rebuildMs), submissions: report.submissions, cells: report.cells, 'operators’ decisions': report.decisions.splits + report.decisions.joins },
  };
};

/** @throws TypeError where there is none of that name */
function drill(name: string): Drill {
  const named = DRILLS[name];
  if (named === undefined) throw new TypeError(`no drill is called ${name}`);
  return named.drill;
}

/** What is promised, in the order of its numbers. A row that nothing tries has no `run`, and is never given a figure. */
export const ROWS: readonly ProofRow[] = [
  {
    number: 1,
    promise: 'Nothing is lost, doubled or made visible wrongly while parts die',
    how: 'a platform of its own on three brokers is sent a population, corrections, mistakes taken back and decisions of operators, while its processes are killed, put to sleep, and lose what they keep; receipts, decisions, fates and cells beside the recount, and the time from the last fault until they could be. At the end Redis is emptied, and all is rebuilt from the log and laid beside the recount again. No network is cut and no disk filled here: cut acknowledgements are row 10, full disks row 11',
    unit: 'faults',
    target: 300,
    criteria: [
      { figure: 'records', atLeast: 1_000_000 },
      { figure: 'ms of recovery', atMost: 120_000 },
      { figure: 'ms of a rebuild of them all', atMost: 300_000 },
    ],
    small: 4,
    run: chaos,
  },
  {
    number: 2,
    promise: 'Any history of faults ends with the figures of the files',
    how: 'adapters, linkage and outcomes in one process on ports in memory, seeded; cells and fates beside the recount. The million histories of a release are asked for with `--only 2 --trials 1000000`',
    unit: 'histories',
    target: 10_000,
    small: 100,
    run: simulation,
  },
  {
    number: 3,
    promise: 'Every guard is held by a test',
    how: 'each breaking patch on a copy of the sources; the test it names has to fail',
    unit: 'patches',
    target: async () => (await readPatches()).length,
    small: 3,
    run: sabotage,
  },
  {
    number: 4,
    promise: 'A receipt means durable',
    how: 'the adapter killed, or the disk failing (EIO, ENOSPC), at one system call from the first byte of a submission to its last event, as strace lists them; it is started again, and sent again where there was no receipt',
    unit: 'calls',
    target: 3_000,
    small: 40,
    run: drill('syscall-sweep'),
  },
  {
    number: 7,
    promise: 'Figures without Redis are the same, or none',
    how: 'Redis emptied, cut off at a random byte of its file, or put back to an older copy, while somebody asks for the figures all the time; half of the times one node of a cluster of three, while the others keep what they have. How long a log of a million records takes to be rebuilt is a part of row 1',
    unit: 'losses',
    target: 200,
    criteria: [{ figure: 'on a node of a cluster', atLeast: 100 }],
    small: 4,
    run: halves({ name: 'on one Redis', drill: drill('redis-loss') }, { name: 'on a node of a cluster', drill: drill('redis-node-loss') }),
  },
  {
    number: 8,
    promise: 'What is said again counts once',
    how: 'in one process, without servers: a record in a file that several senders send again at once, as it was, packed, in another order, with a byte order mark or other line ends; or an event that one log, read from its start, tells twice. Files that come again under another name are a part of row 1',
    unit: 'repeats',
    target: 1_000_000,
    small: 1_000,
    run: replay,
  },
  {
    number: 9,
    promise: 'No acknowledged event is lost with its leader',
    how: 'the leader of one partition after another killed under load, every tenth with its disk wiped; all that was acknowledged beside the log. Once in the run two brokers of the three are down: publishing has to be refused with a code, and to go on when they are back',
    unit: 'kills',
    target: 100,
    small: 3,
    run: drill('leader-hunt'),
  },
  {
    number: 10,
    promise: 'A lost acknowledgement loses and doubles nothing',
    how: 'a proxy keeps back or tears what the broker answers to producers, or, one cut in three, lets the request itself go missing; then each event, its order and its last word beside what was published',
    unit: 'cuts',
    target: 100_000,
    small: 100,
    run: drill('cut-acknowledgements'),
  },
  {
    number: 11,
    promise: 'A full disk is told of and survived',
    how: 'a disk of 64 MB under the spools, under Kafka, under Redis, and all three, filled while partners send and made free again; answers meanwhile, receipts, fates and cells beside the recount, and the longest time from free space until all is counted. There is no file of an audit yet whose disk could be full',
    unit: 'disks',
    target: 4,
    criteria: [
      { figure: 'told of a full spool', atLeast: 1 },
      { figure: 'told of figures that wait', atLeast: 1 },
      { figure: 'ms of recovery, the longest', atMost: 60_000 },
    ],
    small: 4,
    run: drill('full-disk'),
  },
  {
    number: 12,
    promise: 'Received = published + skipped + refused, each refusal told of',
    how: 'files of all feeds with about a tenth of their records spoilt in fifty ways, through the real intake, reading, mapping and ledger to dead letters and events in memory',
    unit: 'records',
    target: 1_000_000,
    criteria: [{ figure: 'kinds of spoiling', atLeast: 50 }],
    small: 5_000,
    run: conservation,
  },
  {
    number: 13,
    promise: 'No input ends a parser without a code, or holds it up',
    how: 'the reader of every feed and format over torn and mutated files, and over bytes put into them, drawn at random and not led by what they reach; the longest time that one input took, the least of three tries of it',
    unit: 'inputs',
    target: 100_000,
    criteria: [{ figure: 'ms of an input, the longest', atMost: 1_000 }],
    small: 2_000,
    run: fuzz,
  },
  {
    number: 14,
    promise: 'Any order of arrival gives the same figures',
    how: 'facts of every kind, identifiers and operators’ decisions stated, corrected, withdrawn, merged and parted, arriving in any order: what linker, consumer and rules make of them beside what the platform’s own rules make of all of it at once. Each metric has to have counted something',
    unit: 'permutations',
    target: 100_000,
    small: 5_000,
    run: permutations,
  },
  {
    number: 15,
    promise: 'No interleaving of workers moves a figure',
    how: 'the code of two outcomes processes and two linkers over one store in memory, whose every exchange waits for a scheduler’s turn: batches, passes, links, hand-over, compaction, rebalances, kills, sleepers that finish late, and the store or one tag of it put back; then cells beside what the platform’s own rules make of all records at once. No cut is taken and no share of buckets renewed',
    unit: 'histories',
    target: 100_000,
    small: 2_000,
    run: races,
  },
  {
    number: 16,
    promise: 'No zombie writes',
    how: 'an outcomes process asleep past its session wakes to another in its place, while a third joins and leaves the group twelve times; half of them on one Redis, half on a cluster of three',
    unit: 'sleepers',
    target: 50,
    criteria: [
      { figure: 'joined and left', atLeast: 600 },
      { figure: 'on a Redis Cluster', atLeast: 25 },
    ],
    small: 2,
    run: halves({ name: 'on one Redis', drill: drill('zombies') }, { name: 'on a Redis Cluster', drill: drill('zombies-on-cluster') }),
  },
  {
    number: 20,
    promise: 'Old and new writers and readers understand each other',
    how: 'every released version, written as its frozen file says, read whole, by chosen fields and by places by today’s decoder with the schemas of every release; no older build is run',
    unit: 'pairs',
    target: async () => schemaPairs().length,
    small: schemaPairs().length,
    run: drill('schema-skew'),
  },
  {
    number: 23,
    promise: 'A rolling upgrade moves no figure',
    how: 'every service replaced by another process of the same build, one after the other, while partners send; fates and cells beside the recount. A soak of hours is not a part of it',
    unit: 'upgrades',
    target: 10,
    small: 1,
    run: drill('rolling-upgrade'),
  },
];
