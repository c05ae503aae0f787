import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { eventKey, eventsTopic, identifiersTopic } from '@throughline/event-contracts';
import { createLogger, createTelemetry } from '@throughline/telemetry';
import { FAULT_CODES, REFUSAL_CODES, SKIP_REASONS } from '../adapter-declaration.js';
import type { AdapterDeclaration, FaultCode, RefusalCode } from '../adapter-declaration.js';
import { describeAdapter } from '../docs/describe-adapter.js';
import type { SubmissionRequest } from '../intake/submission-request.js';
import type { Finding } from '../ledger/ledger-draft.js';
import type { RecordCounts } from '../ledger/submission-state.js';
import type { PipelineStep } from '../pipeline/pipeline-parts.js';
import { reportCsv, reportJson } from '../report/report.js';
import type { ReportHead } from '../report/report.js';
import { telemetryWatch } from '../runtime/telemetry-watch.js';
import { leaksOf } from './leak-scan.js';
import { asPayload, TestAdapter } from './test-adapter.js';

/** A payload as a partner would send it. */
export interface ExampleSubmission extends SubmissionRequest {
  /** Names the example in test names. */
  readonly title: string;
  readonly feed: string;
  readonly content: string | Uint8Array;
}

export interface ConformanceExamples {
  /** Taken in this order into one adapter, each once; counts are what the ledger then says. */
  readonly good: readonly (ExampleSubmission & { readonly expected: Pick<RecordCounts, 'received' | 'published' | 'skipped' | 'refused'> })[];
  readonly badSubmissions: readonly (ExampleSubmission & { readonly code: RefusalCode })[];
  /** Refused records by ordinal; every other record must not be refused. */
  readonly badRecords: readonly (ExampleSubmission & { readonly codes: Readonly<Record<number, FaultCode>> })[];
  /** Values in the examples that tell who somebody is: numbers, names, dates of birth as written, postcodes, references. */
  readonly identifiers: readonly string[];
  /** Path of the generated page: `docs/partners/<name>.md`. */
  readonly docsPage: string;
}

const STEPS: readonly PipelineStep[] = ['read', 'outbox', 'ledger', 'publish', 'acknowledged', 'settle'];

/** Programme of any example: the kit's own check of its form is not what is tested here. */
const requestOf = ({ title: _title, content: _content, ...request }: ExampleSubmission): SubmissionRequest => request;

const commit = async (adapter: TestAdapter, example: ExampleSubmission) => {
  const { intake, pipeline, ledger } = adapter.open;
  try {
    const receipt = await intake.accept(asPayload(example.content), requestOf(example));
    const state = await intake.settled(receipt.submissionId);
    const detail = pipeline.job(receipt.submissionId)!.detail;
    return { receipt, state, detail, code: detail.refusal?.code ?? null, findings: [...ledger.findings(receipt.submissionId)] };
  } catch (error) {
    return { receipt: null, state: 'refused' as const, detail: null, code: (error as { code: string }).code, findings: [] };
  }
};

const validate = async (adapter: TestAdapter, example: ExampleSubmission) => {
  try {
    const outcome = await adapter.open.intake.validate(asPayload(example.content), requestOf(example));
    const findings = [...outcome.findings()];
    outcome.release();
    return { counts: outcome.counts, code: outcome.refusal?.code ?? null, findings };
  } catch (error) {
    return { counts: null, code: (error as { code: string }).code, findings: [] as Finding[] };
  }
};

/**
 * What every adapter must hold, over its own examples: defines the tests. Real files and ledger in a temporary folder; only
 * the log is in memory.
 */
export const conformanceSuite = (declaration: AdapterDeclaration, examples: ConformanceExamples): void => {
  describe(`${declaration.name} adapter conforms`, () => {
    const adapters: TestAdapter[] = [];
    const start = async (overrides: ConstructorParameters<typeof TestAdapter>[1] = {}): Promise<TestAdapter> => {
      const adapter = new TestAdapter(declaration, overrides);
      adapters.push(adapter);
      await adapter.restart();
      return adapter;
    };
    afterEach(async () => {
      for (const adapter of adapters.splice(0)) await adapter.dispose();
    });

    it('has examples for every feed', () => {
      const feeds = declaration.feeds.map(({ id }) => id);
      expect(new Set(examples.good.map(({ feed }) => feed))).toEqual(new Set(feeds));
      expect(examples.identifiers.length).toBeGreaterThan(0);
    });

    it('publishes good submissions with the counts expected, and says the same when it only validates', async () => {
      const adapter = await start();
      for (const example of examples.good) {
        const tried = await validate(adapter, example);
        const { state, detail, findings, code } = await commit(adapter, example);
        expect({ title: example.title, state, code }).toEqual({ title: example.title, state: 'published', code: null });
        const { received, published, skipped, refused } = detail!.counts!;
        expect({ title: example.title, received, published, skipped, refused }).toEqual({ title: example.title, ...example.expected });
        expect(tried).toEqual({ counts: detail!.counts, code: null, findings });
      }
      expect(adapter.sink.records.length).toBeGreaterThan(0);
    });

    it('publishes events as it declares them', async () => {
      const adapter = await start();
      const types = new Set<string>();
      for (const example of examples.good) {
        const from = adapter.sink.records.length;
        const { receipt } = await commit(adapter, example);
        const feed = declaration.feeds.find(({ id }) => id === example.feed)!;
        const events = adapter.sink.events();
        for (const [index, { topic, key }] of adapter.sink.records.entries()) {
          if (index < from) continue;
          const { type, value } = events[index]!;
          const { meta } = value;
          types.add(type);
          expect(feed.events).toContain(type);
          expect(topic).toBe(type === 'SubjectIdentified' ? identifiersTopic(declaration.name) : eventsTopic(declaration.name));
          expect(key.equals(eventKey(meta.subject, meta.eventId))).toBe(true);
          expect(meta.source).toMatchObject({ partner: `${declaration.name}-partner`, system: feed.system });
          expect(meta.source.submission.toString('hex')).toBe(receipt?.submissionId);
          expect(meta.agreementId).toBe(`dsa-${feed.id}-test`);
          expect(meta.contentHash.every((byte) => byte === 0)).toBe(meta.change === 'WITHDRAWN');
          expect(meta.occurredOn === null).toBe(meta.change === 'WITHDRAWN' || type === 'SubjectIdentified');
        }
      }
      // What is declared and never shown by an example is not known to work.
      expect(types).toEqual(new Set(declaration.feeds.flatMap(({ events }) => events)));
    });

    it('gives the same receipt for the same payload, also packed, and publishes nothing more', async () => {
      const adapter = await start();
      for (const example of examples.good) {
        const first = await commit(adapter, example);
        const published = adapter.sink.records.length;
        expect((await commit(adapter, example)).receipt).toEqual({ ...first.receipt, state: 'published' });
        expect((await commit(adapter, { ...example, content: gzipSync(example.content), contentEncoding: 'gzip' })).receipt?.submissionId).toBe(first.receipt?.submissionId);
        expect(adapter.sink.records).toHaveLength(published);
      }
    });

    it('ends with the same facts when submissions arrive in another order', async () => {
      const adapter = await start();
      for (const example of examples.good) await commit(adapter, example);
      const reversed = await start();
      for (const example of [...examples.good].reverse()) await commit(reversed, example);
      expect(reversed.sink.factsInForce()).toEqual(adapter.sink.factsInForce());
    });

    it.each(STEPS)('loses nothing when it is killed before %s', async (step) => {
      const copies: TestAdapter[] = [];
      const calm: TestAdapter = await start({
        onStep: async (at) => {
          if (at === step) copies.push(await calm.killed());
        },
      });
      for (const example of examples.good) await commit(calm, example);
      adapters.push(...copies);
      // The last one stands for all: the files then hold the most.
      const killed = copies.at(-1)!;
      await killed.restart({ onStep: () => undefined });
      for (const example of examples.good) await commit(killed, example);
      expect(killed.sink.factsInForce()).toEqual(calm.sink.factsInForce());
    });

    it.each(examples.badSubmissions.map((example) => [example.title, example] as const))('refuses as a whole: %s', async (_, example) => {
      const adapter = await start();
      expect((await validate(adapter, example)).code).toBe(example.code);
      expect((await commit(adapter, example)).code).toBe(example.code);
      expect(adapter.sink.records).toEqual([]);
    });

    it.each(examples.badRecords.map((example) => [example.title, example] as const))('refuses the record alone: %s', async (_, example) => {
      const adapter = await start();
      const { state, findings, detail } = await commit(adapter, example);
      expect(state).toBe('published');
      const refused = findings.filter(({ fate }) => fate === 'refused');
      expect(Object.fromEntries(refused.map(({ ordinal, code }) => [ordinal, code]))).toEqual(example.codes);
      for (const { path, expected, remedy } of refused) expect([path, expected, remedy]).not.toContain('');
      const { received, published, skipped, refused: count } = detail!.counts!;
      expect(received).toBe(published + skipped + count);
      expect(adapter.sink.letters.map(({ record, code }) => [record, code])).toEqual(Object.entries(example.codes).map(([ordinal, code]) => [Number(ordinal), code]));
    });

    it('lets no identifier out', async () => {
      const log: string[] = [];
      const telemetry = createTelemetry({
        service: `${declaration.name}-adapter`,
        kind: 'adapter',
        build: { version: '0.0.0', revision: 'test' },
        declare: { feed: declaration.feeds.map(({ id }) => id), partner: [`${declaration.name}-partner`], code: [...FAULT_CODES, ...REFUSAL_CODES, ...SKIP_REASONS] },
        runtimeSeries: false,
      });
      const logger = createLogger({ service: 'conformance', level: 'trace', destination: { write: (line: string) => void log.push(line) } });
      const adapter = await start({ watch: telemetryWatch({ telemetry, logger, partner: `${declaration.name}-partner`, expectedIntervalMs: 1_000, now: () => new Date(0) }) });
      const reports: string[] = [];
      const all = [...examples.good, ...examples.badSubmissions, ...examples.badRecords];
      for (const example of all) {
        const { receipt, state, detail, findings } = await commit(adapter, example);
        const { counts = null, refusal = null, held = null } = detail ?? {};
        const head: ReportHead = { submissionId: receipt?.submissionId ?? null, feed: example.feed, mode: 'commit', state, counts, refusal, held };
        reports.push(...reportJson(head, findings), ...reportCsv(head, findings));
      }
      const places = new Map<string, Buffer>([
        ['events', Buffer.concat(adapter.sink.records.flatMap(({ key, value }) => [key, value]))],
        ['dead letters', Buffer.from(JSON.stringify(adapter.sink.letters))],
        ['reports', Buffer.from(reports.join(''))],
        ['logs', Buffer.from(log.join(''))],
        ['metrics', Buffer.from((await telemetry.expose()).body)],
      ]);
      for (const name of await readdir(adapter.folder)) {
        places.set('file names', Buffer.concat([places.get('file names') ?? Buffer.alloc(0), Buffer.from(name)]));
        places.set(name.endsWith('.payload') ? 'a spooled payload' : name, await readFile(join(adapter.folder, name)));
      }
      expect(leaksOf(examples.identifiers, places)).toEqual([]);
      // The scan itself sees: every identifier does stand in what was sent.
      const sent = new Map([['payloads', Buffer.concat(all.map(({ content }) => Buffer.from(content)))]]);
      for (const identifier of examples.identifiers) expect({ identifier, found: leaksOf([identifier], sent).length > 0 }).toEqual({ identifier, found: true });
    });

    it('is described by its page as it is declared', async () => {
      const page = await readFile(examples.docsPage, 'utf8').catch(() => '(no page)');
      // To write it: node infra/local/run.mjs run libs/adapter-kit/src/docs/write-partner-page.ts <declaration> <page>
      expect(page).toBe(describeAdapter(declaration));
    });
  });
};
