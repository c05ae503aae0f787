import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { LocalError, waitFor } from '@throughline/servers';
import type { Progress } from '@throughline/servers';

/** One line of the sample's manifest: a file of a partner, and what the partner says of it. */
const submissionSchema = z.object({
  /** Relative to the manifest's folder. */
  file: z.string(),
  deployment: z.string(),
  feed: z.string(),
  part: z.string().nullable(),
  asOf: z.string().nullable(),
  programme: z.string().nullable(),
  fullExtract: z.boolean(),
  mediaType: z.string(),
  /** Whether the adapter has to refuse the file as a whole, at the door or later. */
  refusedWhole: z.boolean(),
});
export type SampleSubmission = z.infer<typeof submissionSchema>;

const receiptSchema = z.object({ submissionId: z.string() });
const stateSchema = z.object({ state: z.string() });

/** States in which an adapter has nothing left to do for a submission. */
const SETTLED = new Set(['published', 'refused', 'rejected', 'superseded', 'withdrawn', 'held']);

/** The submissions of a sample folder, in their order of arrival. */
export async function readManifest(folder: string): Promise<SampleSubmission[]> {
  const text = await readFile(join(folder, 'manifest.jsonl'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => submissionSchema.parse(JSON.parse(line)));
}

/** Query of `POST /submissions` for a submission. */
export function submissionQuery({ feed, part, asOf, programme, fullExtract }: SampleSubmission): string {
  const query = new URLSearchParams({ feed, mode: 'commit' });
  if (part !== null) query.set('part', part);
  if (asOf !== null) query.set('asOf', asOf);
  if (programme !== null) query.set('programme', programme);
  if (fullExtract) query.set('fullExtract', 'true');
  return query.toString();
}

export interface LoadResult {
  /** How many ended in which state. */
  readonly states: ReadonlyMap<string, number>;
  /** Bytes sent. */
  readonly bytes: number;
  /** How many of the sample's files are made to be refused. */
  readonly faulty: number;
}

/**
 * Sends the submissions to their adapters as a partner would, in order for each partner and partners beside each other,
 * and waits until each adapter is done with them. Sending the same again changes nothing.
 *
 * @param adapterUrl base URL of a deployment's adapter
 * @param signal ends it at once, with the signal's reason
 * @throws LocalError `LOAD_FAILED` if an adapter does not take a submission
 */
export async function loadSample(
  folder: string,
  adapterUrl: (deployment: string) => string,
  progress: Progress,
  signal?: AbortSignal,
): Promise<LoadResult> {
  const submissions = await readManifest(folder);
  const abortable = signal === undefined ? {} : { signal };
  const task = progress.start('Loading the partners’ submissions', submissions.length, 'submissions');
  const states = new Map<string, number>();
  let bytes = 0;
  let done = 0;

  function settledAs(state: string): void {
    states.set(state, (states.get(state) ?? 0) + 1);
    done += 1;
    task.update(done);
  }

  /** The submission's id, or undefined where it was refused at the door as it should be. */
  async function send(submission: SampleSubmission): Promise<string | undefined> {
    const path = join(folder, submission.file);
    const { size } = await stat(path);
    const response = await fetch(`${adapterUrl(submission.deployment)}/submissions?${submissionQuery(submission)}`, {
      method: 'POST',
      headers: { 'content-type': submission.mediaType, 'content-length': String(size) },
      body: Readable.toWeb(createReadStream(path)) as ReadableStream,
      duplex: 'half',
      ...abortable,
    });
    const text = await response.text();
    if (submission.refusedWhole && response.status >= 400 && response.status < 500) {
      settledAs('refused');
      return undefined;
    }
    if (!response.ok) {
      throw new LocalError(
        'LOAD_FAILED',
        `The ${submission.deployment} adapter did not take a sample submission of ${submission.feed} (${response.status} ${text.slice(0, 400)})`,
        'see its log under the state folder, then start again',
      );
    }
    bytes += size;
    return receiptSchema.parse(JSON.parse(text)).submissionId;
  }

  async function settled(deployment: string, id: string): Promise<void> {
    const state = await waitFor(
      async () => {
        const response = await fetch(`${adapterUrl(deployment)}/submissions/${id}`, abortable);
        const { state: now } = stateSchema.parse(await response.json());
        return SETTLED.has(now) ? now : undefined;
      },
      { what: `the ${deployment} adapter to finish submission ${id}`, timeoutMs: 600_000, everyMs: 50, ...abortable },
    );
    settledAs(state);
  }

  const deployments = [...new Set(submissions.map(({ deployment }) => deployment))];
  try {
    await Promise.all(
      deployments.map(async (deployment) => {
        const ids: (string | undefined)[] = [];
        for (const submission of submissions) if (submission.deployment === deployment) ids.push(await send(submission));
        for (const id of ids) if (id !== undefined) await settled(deployment, id);
      }),
    );
  } finally {
    task.finish();
  }
  return { states, bytes, faulty: submissions.filter(({ refusedWhole }) => refusedWhole).length };
}
