import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** How long the output of a process that is gone is waited for: a child of its own may hold the pipe open. */
const LAST_WORDS_MS = 500;

export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** The whole environment of the child. Default: that of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Called for each line that the child writes to either stream. */
  readonly onLine?: (line: string) => void;
}

export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A process that never outlives this one. */
export interface Child {
  readonly pid: number;
  /** Settles when the process is gone and its output was handed on. Never rejects. */
  readonly exited: Promise<ChildExit>;
  readonly running: () => boolean;
  /** SIGTERM, then {@link kill} after `graceMs` (default 15,000). Resolves when the process is gone. */
  readonly stop: (graceMs?: number) => Promise<ChildExit>;
  /** SIGKILL to the process and to all of its group, as a power cut would. */
  readonly kill: () => void;
  readonly signal: (name: NodeJS.Signals) => void;
}

/**
 * Kills the group of the process named by its argument when its standard input ends, which the system sees to however the parent dies,
 * a SIGKILL included.
 */
const GUARD = 'while read -r _; do :; done; kill -KILL "-$1"';

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only the supervisor, which then stops things in order.
 *
 * @throws the system's error if the command cannot be started
 */
export async function startChild({ command, args, cwd, env, onLine }: ChildOptions): Promise<Child> {
  const child = spawn(command, args, { cwd, env: env ?? process.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid as number;
  const guard = spawn('/bin/sh', ['-c', GUARD, 'guard', String(pid)], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  guard.stdin.on('error', () => undefined);
  guard.on('error', () => undefined);
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();

  for (const stream of [child.stdout, child.stderr]) {
    if (onLine === undefined) stream.resume();
    else createInterface({ input: stream }).on('line', onLine);
  }

  let running = true;
  child.once('exit', () => {
    running = false;
    guard.kill('SIGKILL');
  });
  const exited = new Promise<ChildExit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('exit', (code, signal) => setTimeout(() => resolve({ code, signal }), LAST_WORDS_MS).unref());
  });
  const signal = (name: NodeJS.Signals): void => {
    if (running) child.kill(name);
  };
  const kill = (): void => {
    if (!running) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // No process groups here, or just gone.
      child.kill('SIGKILL');
    }
  };
  return {
    pid,
    exited,
    running: () => running,
    signal,
    kill,
    async stop(graceMs = 15_000) {
      signal('SIGTERM');
      const timer = setTimeout(kill, graceMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}
