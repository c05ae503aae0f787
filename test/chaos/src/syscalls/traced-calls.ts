import { basename, dirname, join } from 'node:path';
import { ANSWERED } from './submission.js';

/** Calls by which the intake path makes something last. */
export const SWEPT_CALLS = ['openat', 'write', 'pwrite64', 'fsync', 'fdatasync', 'rename', 'unlink', 'ftruncate'] as const;
export type SweptCall = (typeof SWEPT_CALLS)[number];

/** A line that `strace -f -y` wrote. */
export interface TracedCall {
  /** Number of its thread. */
  readonly thread: number;
  readonly call: string;
  /** Its arguments and what it came to. */
  readonly text: string;
}

const LINE = /^(\d+) +(.*)$/;
const WHOLE = /^(\w+)\((.*)$/;
const RESUMED = /^<\.\.\. (\w+) resumed>(.*)$/;
const INTERRUPTED = ' <unfinished ...>';

/** Calls in the order in which they ended. */
export function readTrace(trace: string): TracedCall[] {
  const begun = new Map<string, string>();
  const calls: TracedCall[] = [];
  for (const line of trace.split('\n')) {
    const [, number, said = ''] = LINE.exec(line) ?? [];
    if (number === undefined) continue;
    const resumed = RESUMED.exec(said);
    const [, call, text] = WHOLE.exec(said) ?? [];
    if (resumed !== null) calls.push({ thread: Number(number), call: resumed[1]!, text: `${begun.get(number) ?? ''}${resumed[2]!}` });
    else if (call === undefined || text === undefined) continue;
    else if (text.endsWith(INTERRUPTED)) begun.set(number, text.slice(0, -INTERRUPTED.length));
    else calls.push({ thread: Number(number), call, text });
  }
  return calls;
}

/** A call to be struck: which of its name on its thread, from 1. */
export interface Target {
  readonly thread: 'main' | 'pool';
  readonly call: SweptCall;
  readonly nth: number;
  /** Whether the sender has its answer by then. */
  readonly answered: boolean;
}

/** The calls on files of a folder, each once. */
export function targetsIn(calls: readonly TracedCall[], folder: string, main: number): Target[] {
  const counts = new Map<string, number>();
  const targets: Target[] = [];
  let answered = false;
  for (const { thread, call, text } of calls) {
    answered ||= text.includes(join(folder, ANSWERED));
    const key = `${thread} ${call}`;
    const nth = (counts.get(key) ?? 0) + 1;
    counts.set(key, nth);
    if (isSwept(call) && text.includes(folder)) targets.push({ thread: thread === main ? 'main' : 'pool', call, nth, answered });
  }
  return targets;
}

const isSwept = (call: string): call is SweptCall => (SWEPT_CALLS as readonly string[]).includes(call);

/** Whether a fault was injected into a call on a file of the folder. */
export const wasStruck = (trace: string, folder: string): boolean =>
  trace.split('\n').some((line) => line.includes(folder) && (line.includes('(INJECTED)') || /\) += \?$/.test(line)));

/** The file or folder a call is about, of those below a folder. */
const pathIn = (text: string, folder: string): string | undefined => {
  const at = text.indexOf(folder);
  return at < 0 ? undefined : /^[^>"]*/.exec(text.slice(at))?.[0];
};

/**
 * What a power cut at the moment of the answer would take although the sender has a receipt: payload, its name and the
 * receipts, each synced after it was last written.
 */
export function lostByPowerCut(calls: readonly TracedCall[], folder: string): string[] {
  const dirty = new Set<string>();
  let named = false;
  for (const { call, text } of calls) {
    const path = pathIn(text, folder);
    if (path === undefined) continue;
    if (basename(path) === ANSWERED) return named ? [...dirty].map(kindOf).filter((kind) => kind !== null) : ['no payload has its name'];
    if (call === 'write' || call === 'pwrite64') dirty.add(path);
    else if ((call === 'fsync' || call === 'fdatasync') && text.endsWith('= 0')) dirty.delete(path);
    else if (call === 'rename') {
      const to = pathIn(text.slice(text.lastIndexOf(folder)), folder)!;
      if (dirty.delete(path)) dirty.add(to);
      if (!to.endsWith('.payload')) continue;
      named = true;
      dirty.add(dirname(to));
    }
  }
  return ['the sender was not answered'];
}

/** What of it the receipt stands for; null: what the pipeline is at already. */
function kindOf(path: string): string | null {
  if (path.endsWith('.payload')) return 'the payload is not synced';
  if (path.includes('receipts.sqlite')) return 'the receipt is not synced';
  return path.includes('.sqlite') || path.endsWith('.unfinished') || path.endsWith('.outbox') ? null : 'the payload’s name is not synced';
}
