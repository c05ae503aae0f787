import { asPayload, TestAdapter } from '@throughline/adapter-kit/testing';
import { COUNCIL_ADAPTER } from '@throughline/council-adapter/adapter';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AdapterProcess } from '../syscalls/adapter-process.js';
import { personFile, SUBMITTED } from '../syscalls/submission.js';
import { eventsOf, FAULTS, judge } from '../syscalls/sweep-verdict.js';
import type { Fault } from '../syscalls/sweep-verdict.js';
import { freshPlace, listCalls, strike } from '../syscalls/swept-submission.js';
import type { Spares } from '../syscalls/swept-submission.js';
import type { Target } from '../syscalls/traced-calls.js';
import { randomOf } from '../random.js';
import type { DrillOptions, DrillReport } from './drill.js';

/** The swept files: a record, many, and as many that fill several frames of the spool. */
const FILES = [[1, 10], [60, 10], [60, 2_500]] as const;

interface Strike {
  readonly text: string;
  readonly expected: ReadonlyMap<string, string>;
  readonly target: Target;
  readonly fault: Fault;
}

/**
 * The system calls by which a submission is made to last, and its events published, each failing (EIO, ENOSPC) or killing the
 * adapter at it. A trial is a call that was struck; of those before the answer and those after it, every other.
 *
 * @throws LocalError `TRACER_MISSING` where there is no strace, or it may not trace
 */
export async function syscallSweep({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const folder = await mkdtemp(join(tmpdir(), 'throughline-syscalls-'));
  const anomalies: string[] = [];
  const counts = { calls: 0, receipts: 0, errors: 0, 'no answer': 0, copies: 0 };
  const spares = startAhead();
  try {
    let adapter = await spares.next();
    const strikes: Strike[] = [];
    for (const [people, letters] of FILES) {
      const text = personFile(people, letters);
      const { targets, lost } = await listCalls(adapter, await freshPlace(folder, `listed-${people}-${letters}`), text);
      anomalies.push(...lost.map((what) => `at the moment of the receipt, ${text.length} bytes: ${what}`));
      counts.calls += targets.length;
      const expected = await publishedWithoutFaults(text);
      strikes.push(...targets.flatMap((target) => FAULTS.map((fault) => ({ text, expected, target, fault }))));
    }
    // Most calls are the ledger's, after the answer: every other strike is before it.
    const random = randomOf(seed);
    const [before, after] = [false, true].map((answered) => random.shuffled(strikes.filter(({ target }) => target.answered === answered)));
    let done = 0;
    for (let attempt = 0; done < trials; attempt += 1) {
      signal?.throwIfAborted();
      const order = (attempt % 2 === 0 ? before : after)!;
      const { text, expected, target, fault } = order[Math.floor(attempt / 2) % order.length]!;
      const place = await freshPlace(folder, String(attempt));
      const { adapter: next, run } = await strike(adapter, spares, place, text, target, fault);
      adapter = next;
      if (run !== null) {
        done += 1;
        counts[run.answer === null ? 'no answer' : 'problem' in run.answer ? 'errors' : 'receipts'] += 1;
        counts.copies += run.log.length - eventsOf(run.log).size;
        anomalies.push(...judge(run, expected, fault).map((what) => `${fault} at ${target.call} ${target.nth} of the ${target.thread} thread, ${expected.size} events: ${what}`));
        onTrial?.(done);
      }
      adapter.log.length = 0;
      await rm(place.folder, { recursive: true });
    }
    await adapter.end();
    return { trials: done, anomalies, counts };
  } finally {
    await spares.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Always one process more than is asked for. */
function startAhead(): Spares & { readonly end: () => Promise<void> } {
  const started: Promise<AdapterProcess>[] = [];
  let ahead = AdapterProcess.start();
  started.push(ahead);
  return {
    next() {
      const taken = ahead;
      ahead = AdapterProcess.start();
      started.push(ahead);
      return taken;
    },
    async end() {
      for (const each of await Promise.allSettled(started)) if (each.status === 'fulfilled') await each.value.end();
    },
  };
}

async function publishedWithoutFaults(text: string): Promise<ReadonlyMap<string, string>> {
  const adapter = new TestAdapter(COUNCIL_ADAPTER);
  try {
    const { intake, pipeline } = await adapter.restart();
    const { submissionId } = await intake.accept(asPayload(text), SUBMITTED);
    await pipeline.settled(submissionId);
    return eventsOf(adapter.sink.records);
  } finally {
    await adapter.dispose();
  }
}
