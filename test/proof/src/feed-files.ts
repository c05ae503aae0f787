import { COLLEGE_ADAPTER } from '@throughline/college-adapter/adapter';
import { COUNCIL_ADAPTER } from '@throughline/council-adapter/adapter';
import { DWP_ADAPTER } from '@throughline/dwp-adapter/adapter';
import { NHS_ADAPTER } from '@throughline/nhs-adapter/adapter';
import type { PayloadFormat, SinkRecord, SubmissionRequest } from '@throughline/adapter-kit';
import { TestAdapter } from '@throughline/adapter-kit/testing';
import { PostcodeDirectory } from '@throughline/reference-data';
import { readSubmissions, writePopulation } from '@throughline/test-population';
import type { Deployment, ManifestEntry, Submission } from '@throughline/test-population';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ADAPTERS = { nhs: NHS_ADAPTER, dwp: DWP_ADAPTER, college: COLLEGE_ADAPTER, council: COUNCIL_ADAPTER };

/** A partner's file as it was generated. */
export interface FeedFile {
  readonly entry: ManifestEntry;
  readonly text: string;
}

/** What reads one format of one feed. */
export interface FeedReader {
  readonly feed: string;
  readonly format: PayloadFormat;
  readonly mediaTypes: readonly string[];
}

/** Of all adapters, as they declare them. */
export const READERS: readonly FeedReader[] = Object.values(ADAPTERS).flatMap(({ feeds }) => feeds.flatMap(({ id: feed, formats }) => formats.map(({ format, mediaTypes }) => ({ feed, format, mediaTypes }))));

export const readerName = ({ feed, format }: Pick<FeedReader, 'feed' | 'format'>): string => `${feed} ${format}`;

/** Every adapter, open over files of its own, and folders for populations; gone afterwards. */
export class OpenPartners {
  private constructor(
    private readonly folder: string,
    private readonly adapters: ReadonlyMap<Deployment, TestAdapter>,
  ) {}

  static async open(): Promise<OpenPartners> {
    const postcodes = await PostcodeDirectory.load();
    const adapters = new Map<Deployment, TestAdapter>();
    for (const [name, declaration] of Object.entries(ADAPTERS)) {
      const adapter = new TestAdapter(declaration, { locate: (postcode) => postcodes.find(postcode) });
      await adapter.restart();
      adapters.set(name as Deployment, adapter);
    }
    return new OpenPartners(await mkdtemp(join(tmpdir(), 'throughline-proof-')), adapters);
  }

  adapter(deployment: Deployment): TestAdapter {
    return this.adapters.get(deployment)!;
  }

  /** All that the adapters have published, each in its order. */
  log(): SinkRecord[] {
    return [...this.adapters.values()].flatMap(({ sink }) => sink.records);
  }

  /** Files that are refused whole anyway are left out. */
  async files(seed: string, people: number): Promise<FeedFile[]> {
    await writePopulation({ seed, people, untidiness: 'ordinary', directory: this.folder });
    const whole = new Map(readSubmissions(this.folder).filter(({ refusedWhole }) => !refusedWhole).map((each) => [each.file, each]));
    return Promise.all([...whole.values()].map(async (entry: Submission) => ({ entry, text: await readFile(entry.path, 'utf8') })));
  }

  async close(): Promise<void> {
    for (const adapter of this.adapters.values()) await adapter.dispose();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** What is sent beside a file. */
export const requestOf = ({ feed, mediaType, asOf, programme, fullExtract, part }: ManifestEntry): SubmissionRequest => ({
  feed,
  mediaType,
  asOf: asOf ?? undefined,
  programme: programme ?? undefined,
  fullExtract: fullExtract ? 'true' : undefined,
  part: part ?? undefined,
});
