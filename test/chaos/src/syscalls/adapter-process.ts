import type { SinkRecord } from '@throughline/adapter-kit';
import { ROOT } from '@throughline/test-journeys';
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Order, Word } from './swept-adapter.js';

const SOURCES = ['--conditions=throughline-source', '--import', pathToFileURL(join(ROOT, 'infra/local/bootstrap/typescript-hooks.mjs')).href];

/** Of the two threads that touch files: Node's own has the databases, the pool's one thread has the rest. */
export type Thread = 'main' | 'pool';

/** An adapter in a process of its own; it ends with this one. */
export class AdapterProcess {
  /** What it has published and did not take back, in order. */
  readonly log: SinkRecord[] = [];
  readonly #child: ChildProcess;
  readonly #gone: Promise<undefined>;
  #hear: ((word: Word) => void) | undefined;

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = new Promise((resolve) => child.once('close', () => resolve(undefined)));
    child.on('message', (word: Word) => {
      if (word.word === 'published') this.log.push(...word.records);
      else this.#hear?.(word);
    });
  }

  static async start(): Promise<AdapterProcess> {
    const env = { ...process.env, UV_THREADPOOL_SIZE: '1' };
    const child = fork(join(import.meta.dirname, 'swept-adapter.ts'), [], { execArgv: SOURCES, serialization: 'advanced', env, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const process_ = new AdapterProcess(child);
    const ready = new Promise<Word>((resolve) => (process_.#hear = resolve));
    if ((await Promise.race([ready, process_.#gone])) === undefined) throw new Error('The adapter to be swept ended before it was ready.');
    return process_;
  }

  /** Its answer; undefined: it is gone. */
  async ask(order: Order): Promise<Word | undefined> {
    const { promise, resolve } = Promise.withResolvers<Word>();
    this.#hear = resolve;
    if (this.#child.connected) this.#child.send(order, () => undefined);
    return Promise.race([promise, this.#gone]);
  }

  get pid(): number {
    return this.#child.pid!;
  }

  /** Number of a thread; the pool's is there once a file was touched. */
  async thread(of: Thread): Promise<number> {
    if (of === 'main') return this.pid;
    const tasks = `/proc/${this.pid}/task`;
    for (const task of await readdir(tasks)) if ((await readFile(join(tasks, task, 'comm'), 'utf8')).trim() === 'libuv-worker') return Number(task);
    throw new Error('The adapter to be swept has no thread for files.');
  }

  async end(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#gone;
  }
}
