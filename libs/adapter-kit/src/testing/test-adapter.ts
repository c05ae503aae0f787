import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartnerKeys } from '@throughline/identity';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import { DEFAULT_LIMITS } from '../runtime/adapter-options.js';
import { openAdapter } from '../runtime/open-adapter.js';
import type { AdapterOptions, OpenAdapter } from '../runtime/open-adapter.js';
import { MemorySink } from './memory-sink.js';

const keyOf = (name: string): Buffer => createHash('sha256').update(`test key ${name}`).digest();

/** Keys for tests only: derived from their names. */
export const TEST_KEYS: PartnerKeys = {
  domainKey: { id: 'test-domain', key: keyOf('domain') },
  referenceKey: keyOf('reference'),
  spoolKeys: [{ kid: 'test-spool', key: keyOf('spool') }],
};

/** When everything is received in tests: examples show clocks before it, on whatever day the tests are run. */
export const TEST_NOW = new Date('2030-01-01T00:00:00Z');

/** Options of an adapter with real files in `spoolDir` and a log in memory. */
export const testOptions = (adapter: AdapterDeclaration, spoolDir: string, sink: MemorySink): AdapterOptions => ({
  adapter,
  deployment: adapter.name,
  partner: `${adapter.name}-partner`,
  keys: TEST_KEYS,
  agreementIds: Object.fromEntries(adapter.feeds.map(({ id }) => [id, `dsa-${id}-test`])),
  defaultProgramme: null,
  spoolDir,
  sink,
  locate: (postcode) => (/^ZA/.test(postcode) ? { district: 'E08000003', ward: null } : null),
  limits: DEFAULT_LIMITS,
  bounds: { maxBytes: 64 * 1024 * 1024, gzipRatio: 200 },
  held: { share: 1, least: 20 },
  retryDelayMs: () => 1,
  now: () => TEST_NOW,
});

/** An adapter for a test: closed and reopened at will over the same files, gone afterwards. */
export class TestAdapter {
  readonly sink = new MemorySink();
  readonly #adapter: AdapterDeclaration;
  readonly #overrides: Partial<AdapterOptions>;
  #folder: string | undefined;
  #open: OpenAdapter | undefined;

  /** @param folder files that another left there; absent: an empty one is made. Removed by {@link dispose} either way. */
  constructor(adapter: AdapterDeclaration, overrides: Partial<AdapterOptions> = {}, folder?: string) {
    this.#adapter = adapter;
    this.#overrides = overrides;
    this.#folder = folder;
  }

  get folder(): string {
    if (this.#folder === undefined) throw new Error('open the adapter first');
    return this.#folder;
  }

  get open(): OpenAdapter {
    if (this.#open === undefined) throw new Error('open the adapter first');
    return this.#open;
  }

  /** Opens it, or closes and opens it again, as a restart does. */
  async restart(overrides: Partial<AdapterOptions> = {}): Promise<OpenAdapter> {
    await this.#open?.close();
    this.#folder ??= await mkdtemp(join(tmpdir(), `adapter-${this.#adapter.name}-`));
    this.#open = await openAdapter({ ...testOptions(this.#adapter, this.#folder, this.sink), ...this.#overrides, ...overrides });
    return this.#open;
  }

  /**
   * An adapter over a copy of the files and of the log as they are now: what a kill at this moment would leave. Not open
   * yet.
   */
  async killed(): Promise<TestAdapter> {
    const folder = await mkdtemp(join(tmpdir(), `adapter-${this.#adapter.name}-`));
    await cp(this.folder, folder, { recursive: true });
    const copy = new TestAdapter(this.#adapter, this.#overrides, folder);
    copy.sink.records.push(...this.sink.records);
    copy.sink.letters.push(...this.sink.letters);
    return copy;
  }

  async dispose(): Promise<void> {
    await this.#open?.close();
    this.#open = undefined;
    if (this.#folder !== undefined) await rm(this.#folder, { recursive: true, force: true });
  }
}

/** Content as a payload in chunks of uneven size. */
export async function* asPayload(content: string | Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let at = 0, size = 1; at < bytes.length; at += size, size = (size * 7 + 3) % 9_973) yield bytes.subarray(at, at + size);
}
