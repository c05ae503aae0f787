// Reads one feed's files with its adapter and with a bare parser, in turn, in a process of its own.
// Words: the checkout, folder of a population, index of the feed in MEASURED_FEEDS, megabytes to read at least, rounds.
import { openAdapter } from '@throughline/adapter-kit';
import type { AdapterDeclaration, OpenAdapter } from '@throughline/adapter-kit';
import { MemorySink, testOptions } from '@throughline/adapter-kit/testing';
import { PostcodeDirectory } from '@throughline/reference-data';
import { readSubmissions } from '@throughline/test-population';
import type { Submission } from '@throughline/test-population';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bareCsv, bareNdjson, bareXml } from '../peers/bare-parsers.js';
import type { BareParser } from '../peers/bare-parsers.js';
import { say } from '../process/contender.js';
import { median } from '../report/median.js';
import { MEASURED_FEEDS } from './measured-feeds.js';
import type { MeasuredFeed } from './measured-feeds.js';

const [root = '', folder = '', index = '', megabytes = '', rounds = ''] = process.argv.slice(2);
const CHUNK = 64 * 1024;

interface File {
  readonly submission: Submission;
  readonly bytes: Buffer;
}

const measured = MEASURED_FEEDS[Number(index)]!;
const files: File[] = [];
for (const submission of readSubmissions(folder)) {
  const { feed, part, mediaType, refusedWhole } = submission;
  if (feed !== measured.feed || mediaType !== measured.mediaType || refusedWhole) continue;
  if (measured.part !== undefined && part !== measured.part) continue;
  files.push({ submission, bytes: await readFile(submission.path) });
}
const bytesOnce = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
const passes = Math.ceil((Number(megabytes) * 1e6) / bytesOnce);
const declared = (await import(pathToFileURL(join(root, measured.module)).href)) as Record<string, AdapterDeclaration>;
const adapter = declared[measured.exported]!;
const postcodes = await PostcodeDirectory.load();

async function* chunksOf(bytes: Buffer): AsyncGenerator<Uint8Array, void, void> {
  for (let at = 0; at < bytes.length; at += CHUNK) yield bytes.subarray(at, at + CHUNK);
}

const requestOf = ({ feed, mediaType, asOf, programme, fullExtract, part }: Submission) => ({
  feed,
  mediaType,
  ...(asOf === null ? {} : { asOf }),
  ...(programme === null ? {} : { programme }),
  ...(fullExtract ? { fullExtract: 'true' } : {}),
  ...(part === null ? {} : { part }),
});

/** A log that takes everything and keeps nothing. */
class Swallowing extends MemorySink {
  swallowed = 0;
  override async publish(records: readonly unknown[]): Promise<void> {
    this.swallowed += records.length;
  }
}

async function withAdapter<T>(use: (open: OpenAdapter, sink: Swallowing) => Promise<T>): Promise<T> {
  const spoolDir = await mkdtemp(join(tmpdir(), 'throughline-bench-spool-'));
  const sink = new Swallowing();
  const bounds = { maxBytes: 1 << 30, gzipRatio: 200 };
  const open = await openAdapter({ ...testOptions(adapter, spoolDir, sink), locate: (postcode) => postcodes.find(postcode), bounds });
  try {
    return await use(open, sink);
  } finally {
    await open.close();
    await rm(spoolDir, { recursive: true, force: true });
  }
}

const parserOf = ({ parser }: MeasuredFeed): BareParser => (parser === 'csv' ? bareCsv : parser === 'ndjson' ? bareNdjson : bareXml(parser.elements));

interface Pass {
  readonly records: number;
  readonly seconds: number;
}

async function parseBarely(): Promise<Pass> {
  const began = performance.now();
  let records = 0;
  for (let pass = 0; pass < passes; pass += 1) for (const { bytes } of files) records += await parserOf(measured)(chunksOf(bytes));
  return { records, seconds: (performance.now() - began) / 1_000 };
}

/** Read, mapped, hashed, encoded, judged by the ledger; kept nowhere. */
const validate = (): Promise<Pass> =>
  withAdapter(async (open) => {
    const began = performance.now();
    let records = 0;
    for (let pass = 0; pass < passes; pass += 1) {
      for (const { submission, bytes } of files) {
        const outcome = await open.intake.validate(chunksOf(bytes), requestOf(submission));
        outcome.release();
        if (outcome.counts === null) throw new Error(`${submission.file} is refused: ${outcome.refusal?.code ?? ''}`);
        records += outcome.counts.received;
      }
    }
    return { records, seconds: (performance.now() - began) / 1_000 };
  });

/** Accepted, spooled, read, kept in the ledger and handed to the log, each file once. */
const commit = (): Promise<Pass & { readonly events: number }> =>
  withAdapter(async (open, sink) => {
    const began = performance.now();
    for (const { submission, bytes } of files) {
      const { submissionId } = await open.intake.accept(chunksOf(bytes), requestOf(submission));
      const state = await open.intake.settled(submissionId);
      if (state !== 'published') throw new Error(`${submission.file} ends ${state}`);
    }
    return { records: files.length, seconds: (performance.now() - began) / 1_000, events: sink.swallowed };
  });

const bare: Pass[] = [];
const read: Pass[] = [];
const kept: (Pass & { readonly events: number })[] = [];
for (let round = 0; round <= Number(rounds); round += 1) {
  const [parsed, validated, committed] = [await parseBarely(), await validate(), await commit()];
  if (parsed.records !== validated.records) throw new Error(`${measured.title}: the parser found ${parsed.records} records, the adapter ${validated.records}.`);
  // The first round warms both up.
  if (round === 0) continue;
  bare.push(parsed);
  read.push(validated);
  kept.push(committed);
}
const rate = (bytes: number, passesMade: readonly Pass[]): number => bytes / 1e6 / median(passesMade.map(({ seconds }) => seconds));
say({
  event: 'done',
  megabytes: bytesOnce / 1e6,
  records: read[0]!.records / passes,
  bare: rate(bytesOnce * passes, bare),
  adapter: rate(bytesOnce * passes, read),
  ratio: median(read.map(({ seconds }, i) => seconds / bare[i]!.seconds)),
  kept: rate(bytesOnce, kept),
  eventsPerSecond: kept[0]!.events / median(kept.map(({ seconds }) => seconds)),
});
