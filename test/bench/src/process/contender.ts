import { startChild } from '@throughline/servers';
import type { Child } from '@throughline/servers';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cpuSecondsOf, pinned } from './machine.js';

/** Core of the broker, and that of whoever is measured together with its store. */
export const BROKER_CORE = 0;
export const CONTENDER_CORE = 1;

/** What a process of the bench's says to its parent, one JSON object a line. */
export type Word = Readonly<Record<string, unknown>>;

/** Seconds of the wall's clock and of processors between a beginning and now. */
export interface Spent {
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The same for each process watched. */
  readonly cpuByProcess: Readonly<Record<string, number>>;
}

export type Stopwatch = () => Spent;

/** @param processes pid by name */
export function stopwatch(processes: Readonly<Record<string, number>>): Stopwatch {
  const began = performance.now();
  const before = Object.entries(processes).map(([name, pid]) => [name, pid, cpuSecondsOf(pid)] as const);
  return () => {
    const cpuByProcess = Object.fromEntries(before.map(([name, pid, seconds]) => [name, cpuSecondsOf(pid) - seconds]));
    return {
      seconds: (performance.now() - began) / 1_000,
      cpuSeconds: Object.values(cpuByProcess).reduce((sum, seconds) => sum + seconds, 0),
      cpuByProcess,
    };
  };
}

/** A process on the contender's core that speaks in JSON lines. */
export interface Contender {
  readonly child: Child;
  /** The first line, said already or to come, that satisfies. Rejects when the process ends before. */
  readonly said: (satisfies: (word: Word) => boolean) => Promise<Word>;
}

/** What lets Node run TypeScript of the checkout. */
const sourceFlags = (root: string): string[] => [
  '--conditions=throughline-source',
  '--import',
  pathToFileURL(join(root, 'infra/local/bootstrap/typescript-hooks.mjs')).href,
  '--enable-source-maps',
];

/**
 * Runs a TypeScript file of the checkout as a process of its own.
 * @param script path under the checkout
 * @param flags for Node, besides those that let it run sources
 */
export const startContender = (root: string, script: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, flags: readonly string[] = []): Promise<Contender> =>
  startProgram(script, process.execPath, [...sourceFlags(root), ...flags, join(root, script), ...args], env);

/**
 * Runs a program that speaks in JSON lines.
 * @param what it is called where it fails
 */
export async function startProgram(what: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<Contender> {
  const words: Word[] = [];
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const child = await startChild({
    ...pinned(CONTENDER_CORE, command, args),
    env,
    onLine(line) {
      lines.push(line);
      if (lines.length > 20) lines.shift();
      if (!line.startsWith('{')) return;
      words.push(JSON.parse(line) as Word);
      for (const look of waiting) look();
    },
  });
  return {
    child,
    said: (satisfies) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const word = words.find(satisfies);
          if (word === undefined) return;
          waiting.delete(look);
          resolve(word);
        };
        waiting.add(look);
        look();
        void child.exited.then(({ code }) => {
          look();
          reject(new Error(`${what} ended with ${code ?? 'a signal'} before it was done:\n${lines.join('\n')}`));
        });
      }),
  };
}

/** How a contender speaks. */
export const say = (word: Word): void => void process.stdout.write(`${JSON.stringify(word)}\n`);

/** A line with this in it. */
export const saying =
  (event: string) =>
  (word: Word): boolean =>
    word['event'] === event;
