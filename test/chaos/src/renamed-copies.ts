import { copyFile, mkdir, readdir, rename, utimes } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { stateFolders, waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import type { Sent } from './campaign.js';
import type { Anomaly } from './recovery.js';

export interface RenamedCopiesOptions {
  readonly stateDir: string;
  /** Of the files. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** When a file was last changed that does not speak as of that: any day that is over. */
const LONG_AGO = new Date('2026-01-01T00:00:00Z');

/** Files sent over HTTP that come once more, through the adapter's folder and under another name: the same submission. */
export class RenamedCopies {
  readonly #dropped: { readonly submission: SampleSubmission; readonly inbox: string; readonly path: string }[] = [];

  constructor(private readonly options: RenamedCopiesOptions) {}

  /** How many were put there. */
  get count(): number {
    return this.#dropped.length;
  }

  /** Puts a copy of one of them there, of the first that a folder can say all of; none where there is none. */
  async drop(submissions: readonly SampleSubmission[]): Promise<void> {
    const submission = submissions.find(({ programme, fullExtract, refusedWhole }) => programme === null && !fullExtract && !refusedWhole);
    if (submission === undefined) return;
    const { file, deployment, feed, part, asOf } = submission;
    const inbox = stateFolders(this.options.stateDir).inbox(deployment);
    const folder = join(inbox, feed, ...(part === null ? [] : [part]));
    const path = join(folder, `copy-${this.#dropped.length}${extname(file)}`);
    this.#dropped.push({ submission, inbox, path });
    await mkdir(folder, { recursive: true });
    await copyFile(join(this.options.folder, file), `${path}.partial`);
    const changed = asOf === null ? LONG_AGO : new Date(asOf);
    await utimes(`${path}.partial`, changed, changed);
    await rename(`${path}.partial`, path);
  }

  /** Waits until adapters have taken them all, and says of which it made another submission than it was. */
  async anomalies(sent: readonly Sent[]): Promise<Anomaly[]> {
    const found: Anomaly[] = [];
    for (const { submission, inbox, path } of this.#dropped) {
      await waitFor(async () => !(await readdir(dirname(path))).includes(basename(path)), { what: `${submission.file} to be taken from its folder`, timeoutMs: 300_000, everyMs: 250, signal: this.options.signal });
      const id = sent.find((each) => each.submission.file === submission.file)?.ids[0] ?? '';
      if (!(await readdir(join(inbox, 'done'))).includes(id)) found.push({ promise: 'same receipt', what: `${submission.file}: the same under another name was not the same submission` });
    }
    return found;
  }
}
