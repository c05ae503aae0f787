import { createReadStream, createWriteStream, watch } from 'node:fs';
import type { FSWatcher, Stats } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { AdapterDeclaration, FeedDeclaration } from '../adapter-declaration.js';
import type { Intake, Receipt } from '../intake/intake.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Pipeline } from '../pipeline/pipeline.js';
import { reportCsv } from '../report/report.js';
import type { ReportHead } from '../report/report.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';

export interface InboxOptions {
  readonly adapter: AdapterDeclaration;
  /** Holds `<feed>/` and `<feed>/<part>/` for arriving files, `done/` and `refused/` for what became of them. */
  readonly folder: string;
  readonly intake: Intake;
  readonly pipeline: Pipeline;
  readonly ledger: Ledger;
  readonly watch: AdapterWatch;
  /** A file is whole once it has not changed for so long, milliseconds. */
  readonly quietMs: number;
  /** Folders are looked through at least so often, milliseconds: notices of the file system may be lost. */
  readonly scanMs: number;
  readonly now: () => Date;
}

const UNFINISHED = ['.partial', '.tmp', '.part'];
/** What extension and beginning say of a format, for feeds of several. */
const EXTENSIONS: Readonly<Record<string, string | undefined>> = { '.xml': 'xml', '.csv': 'csv', '.json': 'json', '.ndjson': 'ndjson', '.jsonl': 'ndjson' };

/**
 * Takes files for partners without HTTP. A complete file (renamed in, or unchanged for a while; never one with an
 * unfinished ending) is accepted as a commit, then moved to `done/` or `refused/` under its submission id with its report
 * beside it: its own name may be personal and is kept nowhere. Formats without a clock of their own speak as of the file's
 * modification time.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #seen = new Map<string, { readonly size: number; readonly modified: number; readonly since: number }>();
  readonly #watchers = new Map<string, FSWatcher>();
  #timer: NodeJS.Timeout | undefined;
  #scanning: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Makes the folders where they are missing and begins to look. */
  async start(): Promise<void> {
    const { adapter, folder, scanMs } = this.#options;
    for (const name of [...adapter.feeds.map(({ id }) => id), 'done', 'refused']) await mkdir(join(folder, name), { recursive: true });
    this.#timer = setInterval(() => this.#look(), scanMs);
    this.#look();
  }

  /** Ends; a file being taken is finished first. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#scanning;
  }

  #look(): void {
    if (this.#stopped) return;
    if (this.#scanning !== undefined) {
      this.#again = true;
      return;
    }
    this.#scanning = this.#scan()
      .catch((error: unknown) => this.#options.watch.failed('looking through the inbox', null, error))
      .finally(() => {
        this.#scanning = undefined;
        const again = this.#again;
        this.#again = false;
        if (again) this.#look();
      });
  }

  async #scan(): Promise<void> {
    const { adapter, folder } = this.#options;
    for (const feed of adapter.feeds) {
      const base = join(folder, feed.id);
      await this.#scanFolder(feed, base, null);
      for (const entry of await readdir(base, { withFileTypes: true })) {
        if (entry.isDirectory()) await this.#scanFolder(feed, join(base, entry.name), entry.name);
      }
    }
  }

  async #scanFolder(feed: FeedDeclaration, path: string, part: string | null): Promise<void> {
    if (!this.#watchers.has(path)) {
      const watcher = watch(path, () => this.#look());
      // A folder that goes away is seen at the next scan.
      watcher.on('error', () => this.#watchers.delete(path));
      this.#watchers.set(path, watcher);
    }
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const file = join(path, entry.name);
      if (this.#stopped || !entry.isFile() || entry.name.startsWith('.') || UNFINISHED.some((ending) => entry.name.toLowerCase().endsWith(ending))) continue;
      const found = await this.#complete(file);
      if (found !== null) await this.#take(feed, file, part, found);
    }
  }

  /** Null while the file may still grow, or where it is gone. */
  async #complete(file: string): Promise<Stats | null> {
    const now = this.#options.now().getTime();
    const found = await statOf(file);
    if (found === null) return null;
    const { size, mtimeMs } = found;
    const seen = this.#seen.get(file);
    if (seen === undefined || seen.size !== size || seen.modified !== mtimeMs) {
      this.#seen.set(file, { size, modified: mtimeMs, since: now });
      // An old file that was renamed in is whole at first sight.
      return now - mtimeMs >= this.#options.quietMs ? found : null;
    }
    return now - seen.since >= this.#options.quietMs ? found : null;
  }

  async #take(feed: FeedDeclaration, file: string, part: string | null, taken: Stats): Promise<void> {
    const { intake, pipeline, watch } = this.#options;
    const gzip = file.toLowerCase().endsWith('.gz');
    let receipt: Receipt;
    try {
      receipt = await intake.accept(createReadStream(file) as AsyncIterable<Uint8Array>, {
        feed: feed.id,
        mediaType: mediaTypeOf(feed, gzip ? file.slice(0, -3) : file),
        contentEncoding: gzip ? 'gzip' : undefined,
        asOf: feed.parameters.asOf === 'required' ? taken.mtime.toISOString() : undefined,
        part: part ?? undefined,
      });
    } catch (error) {
      if (error instanceof SubmissionRefused) return this.#close(file, taken, 'refused', randomUUID(), refusedHead(feed, error), []);
      // Ours (a full disk): the file stays and is tried again at the next scan.
      watch.failed('taking a file from the inbox', null, error);
      return;
    }
    const { submissionId } = receipt;
    const state = await pipeline.settled(submissionId);
    const detail = pipeline.job(submissionId)?.detail ?? { counts: null, refusal: null, held: null };
    const { counts, refusal, held } = detail;
    const head: ReportHead = { submissionId, feed: feed.id, mode: 'commit', state, counts, refusal, held };
    await this.#close(file, taken, state === 'refused' ? 'refused' : 'done', submissionId, head, this.#options.ledger.findings(submissionId));
  }

  async #close(file: string, taken: Stats, where: 'done' | 'refused', id: string, head: ReportHead, findings: Parameters<typeof reportCsv>[1]): Promise<void> {
    const target = join(this.#options.folder, where, id);
    const unfinished = `${target}.report.csv.partial`;
    await pipe(Readable.from(reportCsv(head, findings), { objectMode: false }), createWriteStream(unfinished));
    await rename(unfinished, `${target}.report.csv`);
    this.#seen.delete(file);
    // Publishing may have taken hours. Another file of that name is one still to be taken; one taken away is in the spool.
    const now = await statOf(file);
    if (now === null || now.ino !== taken.ino || now.size !== taken.size || now.mtimeMs !== taken.mtimeMs) return;
    await rename(file, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  }
}

/** Null where there is none: the sender may take a file away at any time. */
const statOf = (file: string): Promise<Stats | null> =>
  stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });

const mediaTypeOf = (feed: FeedDeclaration, name: string): string | undefined => {
  const format = EXTENSIONS[extname(name).toLowerCase()];
  return feed.formats.find((candidate) => candidate.format === format)?.mediaTypes[0];
};

const refusedHead = (feed: FeedDeclaration, { code, place, expected, remedy }: SubmissionRefused): ReportHead => ({
  submissionId: null,
  feed: feed.id,
  mode: 'commit',
  state: 'refused',
  counts: null,
  refusal: { code, place, expected, remedy },
  held: null,
});
