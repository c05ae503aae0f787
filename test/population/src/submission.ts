import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Deployment of an adapter that a submission goes to. */
export type Deployment = 'nhs' | 'dwp' | 'college' | 'council';
export type Feed = 'bars' | 'nhs-csv' | 'ilr' | 'dwp-citizen' | 'hmrc-rti' | 'rtof' | 'nccis';

/** One line of `manifest.jsonl`: a file and the parameters it is sent with. A file sent twice has two lines. */
export interface ManifestEntry {
  /** Place in the order of arrival, from 1. */
  readonly order: number;
  /** Path below the population's folder, with `/`. */
  readonly file: string;
  readonly deployment: Deployment;
  readonly feed: Feed;
  readonly part: string | null;
  readonly asOf: string | null;
  readonly programme: string | null;
  readonly fullExtract: boolean;
  readonly mediaType: string;
  /** Whether the adapter has to refuse the file as a whole. */
  readonly refusedWhole: boolean;
}

/** A file before its place in the order of arrival is known. */
export interface DraftSubmission extends Omit<ManifestEntry, 'order' | 'refusedWhole'> {
  readonly refusedWhole?: boolean;
  /** Day it would arrive if it were in time. */
  readonly due: string;
}

const BUFFERED = 1 << 16;

/** A payload being written: many stay open at once while the lives go by, and none is ever whole in memory. */
export class PayloadFile {
  readonly #descriptor: number;
  readonly #path: string;
  #pending: string[] = [];
  #length = 0;
  #records = 0;

  constructor(directory: string, readonly file: string) {
    this.#path = join(directory, file);
    mkdirSync(dirname(this.#path), { recursive: true });
    this.#descriptor = openSync(this.#path, 'w');
  }

  /** Records written so far, as {@link record} counts them. */
  get records(): number {
    return this.#records;
  }

  write(text: string): void {
    this.#pending.push(text);
    this.#length += text.length;
    if (this.#length >= BUFFERED) this.#flush();
  }

  record(text: string): void {
    this.#records += 1;
    this.write(text);
  }

  close(): void {
    this.#flush();
    closeSync(this.#descriptor);
  }

  /** Closes it; one without records is not sent and is removed. */
  closeUnlessEmpty(): boolean {
    this.close();
    if (this.#records === 0) rmSync(this.#path);
    return this.#records > 0;
  }

  #flush(): void {
    // writeSync may write less than it was given.
    for (let bytes = Buffer.from(this.#pending.join(''), 'utf8'); bytes.length > 0; ) {
      bytes = bytes.subarray(writeSync(this.#descriptor, bytes));
    }
    this.#pending = [];
    this.#length = 0;
  }
}

/** A partner, who sees parts of each life as it goes by and writes them in the format it has. */
export interface PartnerView<L> {
  readonly see: (life: L) => void;
  /** Closes its files and names them. */
  readonly finish: () => readonly DraftSubmission[];
}
