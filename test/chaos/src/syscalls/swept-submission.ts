import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { AdapterProcess } from './adapter-process.js';
import type { Fault, SweptRun } from './sweep-verdict.js';
import type { Answer, Word } from './swept-adapter.js';
import { targetsIn } from './traced-calls.js';
import type { Target } from './traced-calls.js';
import { lostByPowerCut, readTrace, SWEPT_CALLS, wasStruck } from './traced-calls.js';
import { startTracer } from './tracer.js';

/** Nothing that is swept takes nearly so long: what is not over then never will be. */
const STUCK_MS = 60_000;

/** Adapters that wait for work; one more is started ahead, since each kill takes one. */
export interface Spares {
  readonly next: () => Promise<AdapterProcess>;
}

/** Where the files of one submission lie, and what is written about it. */
export interface Place {
  readonly folder: string;
  readonly trace: string;
}

/** A folder and a file of their own, below another. */
export async function freshPlace(parent: string, name: string): Promise<Place> {
  const folder = join(parent, `swept-${name}`);
  await mkdir(folder);
  return { folder, trace: join(parent, `trace-${name}`) };
}

/** Sends a submission without any fault. @returns the calls it takes, and what a power cut would take of its receipt */
export async function listCalls(adapter: AdapterProcess, { folder, trace }: Place, text: string): Promise<{ readonly targets: readonly Target[]; readonly lost: readonly string[] }> {
  await adapter.ask({ order: 'open', folder });
  const tracer = await startTracer(['-f', '-p', String(adapter.pid), '-e', `trace=access,faccessat,faccessat2,${SWEPT_CALLS.join(',')}`], trace);
  const answered = await adapter.ask({ order: 'send', text });
  if (answered?.word === 'answered' && 'submission' in answered.answer) await adapter.ask({ order: 'settle', submission: answered.answer.submission });
  const calls = readTrace(await tracer.end());
  await adapter.ask({ order: 'close' });
  adapter.log.length = 0;
  await rm(folder, { recursive: true });
  return { targets: targetsIn(calls, folder, adapter.pid), lost: lostByPowerCut(calls, folder) };
}

/** What became of a submission that was struck; null: the call did not come, nothing was struck. */
export type Struck = { readonly adapter: AdapterProcess; readonly run: SweptRun | null };

/**
 * Sends a submission while one call fails or kills, starts the adapter again, sends the submission again where there is no
 * receipt, and waits until it is done with.
 */
export async function strike(adapter: AdapterProcess, spares: Spares, { folder, trace }: Place, text: string, target: Target, fault: Fault): Promise<Struck> {
  await opened(adapter, folder);
  const injected = fault === 'KILL' ? 'signal=KILL' : `error=${fault}`;
  const tracer = await startTracer(['-p', String(await adapter.thread(target.thread)), '-e', `trace=${target.call}`, '-e', `inject=${target.call}:${injected}:when=${target.nth}`], trace);
  const answer = answerOf(await adapter.ask({ order: 'send', text }));
  if (answer !== null && 'submission' in answer) await settled(adapter, answer.submission);
  const struck = wasStruck(await tracer.end(), folder);
  if ((await adapter.ask({ order: 'close' })) !== undefined) return { adapter, run: struck ? await after(adapter, folder, text, answer, adapter.log) : null };
  const next = await spares.next();
  next.log.push(...adapter.log);
  return { adapter: next, run: struck ? await after(next, folder, text, answer, next.log) : null };
}

async function after(adapter: AdapterProcess, folder: string, text: string, answer: Answer | null, log: AdapterProcess['log']): Promise<SweptRun> {
  const publishedAtOnce = log.length;
  const { receipts, leftovers } = await opened(adapter, folder);
  const again = answer === null || 'problem' in answer;
  const answeredAgain = again ? answerOf(await adapter.ask({ order: 'send', text })) : null;
  const last = answeredAgain ?? answer;
  const state = last !== null && 'submission' in last && (!again ? receipts.includes(last.submission) : true) ? await settled(adapter, last.submission) : null;
  await adapter.ask({ order: 'close' });
  return { answer, receipts, leftovers, publishedBefore: again ? publishedAtOnce : null, answeredAgain, state, log: [...log] };
}

async function opened(adapter: AdapterProcess, folder: string): Promise<Extract<Word, { readonly word: 'opened' }>> {
  const word = await adapter.ask({ order: 'open', folder });
  if (word?.word !== 'opened') throw new Error(`The adapter does not start: ${word?.word === 'failed' ? word.reason : 'it is gone'}.`);
  return word;
}

const answerOf = (word: Word | undefined): Answer | null => (word?.word === 'answered' ? word.answer : null);

/** The state it ends in; null where it does not come to an end, or the adapter dies. */
async function settled(adapter: AdapterProcess, submission: string): Promise<string | null> {
  const patience = new AbortController();
  const word = await Promise.race([adapter.ask({ order: 'settle', submission }), delay(STUCK_MS, undefined, { signal: patience.signal }).catch(() => undefined)]);
  patience.abort();
  return word?.word === 'settled' ? word.state : null;
}
