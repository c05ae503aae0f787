// A process of its own: an adapter's intake, spool, ledger and pipeline as they are, without web server and Kafka. What it
// publishes it hands to the process that started it, which is its log.
import { openAdapter, problemOf } from '@throughline/adapter-kit';
import type { OpenAdapter, SinkRecord } from '@throughline/adapter-kit';
import type { Problem } from '@throughline/telemetry/http';
import { asPayload, MemorySink, testOptions } from '@throughline/adapter-kit/testing';
import { COUNCIL_ADAPTER } from '@throughline/council-adapter/adapter';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { ANSWERED, SUBMITTED } from './submission.js';

export type Order =
  | { readonly order: 'open'; readonly folder: string }
  | { readonly order: 'send'; readonly text: string }
  | { readonly order: 'settle'; readonly submission: string }
  | { readonly order: 'close' };

/** What the sender is told. */
export type Answer = { readonly submission: string } | { readonly problem: Problem };

export type Word =
  | { readonly word: 'ready' }
  /** Submissions with a receipt, and files that nobody was promised. */
  | { readonly word: 'opened'; readonly receipts: readonly string[]; readonly leftovers: readonly string[] }
  | { readonly word: 'answered'; readonly answer: Answer }
  | { readonly word: 'settled'; readonly state: string }
  | { readonly word: 'closed' }
  | { readonly word: 'failed'; readonly reason: string }
  | { readonly word: 'published'; readonly records: readonly SinkRecord[] };

const say = (word: Word): Promise<void> => new Promise((resolve, reject) => process.send!(word, undefined, {}, (error) => (error === null ? resolve() : reject(error))));

let adapter: OpenAdapter | undefined;
let folder = '';

async function obey(order: Order): Promise<Word> {
  if (order.order === 'open') {
    folder = order.folder;
    const log = { publish: (records: readonly SinkRecord[]) => say({ word: 'published', records }), deadLetters: async () => undefined };
    adapter = await openAdapter({ ...testOptions(COUNCIL_ADAPTER, folder, new MemorySink()), sink: log });
    return { word: 'opened', receipts: [...adapter.receipts.ids()], leftovers: (await readdir(folder)).filter((name) => name.endsWith('.unfinished')) };
  }
  const { intake, pipeline, close } = adapter!;
  switch (order.order) {
    case 'send': {
      const answer = await intake.accept(asPayload(order.text), SUBMITTED).then(
        ({ submissionId }): Answer => ({ submission: submissionId }),
        (error: unknown): Answer => ({ problem: problemOf(error) }),
      );
      // A call that whoever traces this process can tell from all others.
      existsSync(join(folder, ANSWERED));
      return { word: 'answered', answer };
    }
    case 'settle': {
      const state = await pipeline.settled(order.submission);
      while (pipeline.oldestWaiting() !== undefined) await turn();
      return { word: 'settled', state };
    }
    case 'close':
      await close();
      return { word: 'closed' };
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  obey(order)
    .catch((error: unknown): Word => ({ word: 'failed', reason: (error as { code?: string }).code ?? (error instanceof Error ? error.name : 'unknown') }))
    .then(say)
    .catch(() => process.exit(1));
});
await say({ word: 'ready' });
