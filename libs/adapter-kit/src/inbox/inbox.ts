import { createReadStream, createWriteStream, watch } from 'node:fs';
import type { FSWatcher, Stats } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline as pipe } from 'node:stream/promises';
import { randomUUID } from 'node:crypto';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { AdapterDeclaration, FeedDeclaration } from '../adapter-declaration.js';
import { AdapterBusy } from '../intake/intake-slots.js';
import type { Intake, Receipt } from '../intake/intake.js';
import type { Ledger } from '../ledger/ledger.js';
import { NO_DETAIL } from '../ledger/submission-state.js';
import type { SubmissionState } from '../ledger/submission-state.js';
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

/** Files whose payload is being taken at once. A file that comes slowly holds up no more than its place. */
const TAKEN_AT_ONCE = 4;

/**
 * Takes files for partners without HTTP. A complete file (renamed in, or unchanged for a while; never one with an
 * unfinished ending) is accepted as a commit, then moved to `done/` or `refused/` under its submission id with its report
 * beside it: its own name may be personal and is kept nowhere. No file waits for what becomes of another. Formats without a clock of their own speak as of the file's
 * modification time.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #seen = new Map<string, { readonly size: number; readonly modified: number; readonly since: number }>();
  readonly #watchers = new Map<string, FSWatcher>();
  /** Files being taken or followed, as they were then. */
  readonly #taken = new Map<string, Stats>();
  /** Work that stopping waits for: payloads being taken, files being put away. Not what becomes of a submission. */
  readonly #working = new Set<Promise<void>>();
  #taking = 0;
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

  /** Ends; a file being taken is finished first. One whose submission is under way is taken up again by the next inbox. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    await this.#scanning;
    while (this.#working.size > 0) await Promise.all(this.#working);
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
    const met = new Set<string>();
    for (const feed of adapter.feeds) {
      const base = join(folder, feed.id);
      await this.#scanFolder(feed, base, null, met);
      for (const entry of await readdir(base, { withFileTypes: true })) {
        if (entry.isDirectory()) await this.#scanFolder(feed, join(base, entry.name), entry.name, met);
      }
    }
    // Names may be personal: those of files that went away before they were taken are not kept.
    for (const file of this.#seen.keys()) if (!met.has(file)) this.#seen.delete(file);
  }

  async #scanFolder(feed: FeedDeclaration, path: string, part: string | null, met: Set<string>): Promise<void> {
    if (!this.#watchers.has(path)) {
      const watcher = watch(path, () => this.#look());
      // A folder that goes away is seen at the next scan.
      watcher.on('error', () => this.#watchers.delete(path));
      this.#watchers.set(path, watcher);
    }
    for (const entry of await readdir(path, { withFileTypes: true })) {
      const file = join(path, entry.name);
      if (this.#stopped || !entry.isFile() || entry.name.startsWith('.') || UNFINISHED.some((ending) => entry.name.toLowerCase().endsWith(ending))) continue;
      met.add(file);
      const found = await this.#complete(file);
      if (found === null || isSame(found, this.#taken.get(file) ?? null)) continue;
      if (this.#taking >= TAKEN_AT_ONCE) continue;
      this.#taken.set(file, found);
      this.#work(() => this.#take(feed, file, part, found));
    }
  }

  /** Does it beside whatever else is done; where it fails the file is looked at again. */
  #work(work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch((error: unknown) => this.#options.watch.failed('taking a file from the inbox', null, error))
      .finally(() => this.#working.delete(done));
    this.#working.add(done);
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
    this.#taking += 1;
    let submissionId: string;
    try {
      ({ submissionId } = await this.#accept(feed, file, part, taken));
    } catch (error) {
      if (error instanceof SubmissionRefused) return await this.#close(file, taken, 'refused', randomUUID(), refusedHead(feed, error), []);
      // Ours (a full disk, too much at once): the file stays and is tried again at the next scan.
      this.#forget(file, taken);
      if (error instanceof AdapterBusy) return;
      throw error;
    } finally {
      this.#taking -= 1;
    }
    // There is a place again for those that had none.
    this.#look();
    void this.#options.pipeline.settled(submissionId).then((state) => {
      if (!this.#stopped) this.#work(() => this.#putAway(feed, file, taken, submissionId, state));
    });
  }

  #accept(feed: FeedDeclaration, file: string, part: string | null, taken: Stats): Promise<Receipt> {
    const gzip = file.toLowerCase().endsWith('.gz');
    return this.#options.intake.accept(contentOf(file), {
      feed: feed.id,
      mediaType: mediaTypeOf(feed, gzip ? file.slice(0, -3) : file),
      contentEncoding: gzip ? 'gzip' : undefined,
      asOf: feed.parameters.asOf === 'required' ? taken.mtime.toISOString() : undefined,
      part: part ?? undefined,
    });
  }

  async #putAway(feed: FeedDeclaration, file: string, taken: Stats, submissionId: string, state: SubmissionState): Promise<void> {
    const { pipeline, ledger } = this.#options;
    const { counts, refusal, held } = pipeline.job(submissionId)?.detail ?? NO_DETAIL;
    const head: ReportHead = { submissionId, feed: feed.id, mode: 'commit', state, counts, refusal, held };
    await this.#close(file, taken, state === 'refused' ? 'refused' : 'done', submissionId, head, ledger.findings(submissionId));
  }

  async #close(file: string, taken: Stats, where: 'done' | 'refused', id: string, head: ReportHead, findings: Parameters<typeof reportCsv>[1]): Promise<void> {
    try {
      const target = join(this.#options.folder, where, id);
      // The same payload may have come under two names.
      const unfinished = `${target}.${randomUUID()}.partial`;
      await pipe(Readable.from(reportCsv(head, findings), { objectMode: false }), createWriteStream(unfinished));
      await rename(unfinished, `${target}.report.csv`);
      // Publishing may have taken hours. Another file of that name is one still to be taken; one taken away is in the spool.
      if (!isSame(await statOf(file), taken)) return;
      await rename(file, target).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    } finally {
      this.#forget(file, taken);
    }
  }

  #forget(file: string, taken: Stats): void {
    if (this.#taken.get(file) !== taken) return;
    this.#taken.delete(file);
    this.#seen.delete(file);
  }
}

const isSame = (one: Stats | null, other: Stats | null): boolean =>
  one !== null && other !== null && one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs;

/** Null where there is none: the sender may take a file away at any time. */
const statOf = (file: string): Promise<Stats | null> =>
  stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return null;
  });

/** Opened when it is first asked for, and closed when whoever reads it stops: a file refused at the door is never opened. */
async function* contentOf(file: string): AsyncGenerator<Uint8Array, void, void> {
  const stream = createReadStream(file);
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } finally {
    stream.destroy();
  }
}

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
