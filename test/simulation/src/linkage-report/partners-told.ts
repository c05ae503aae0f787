import { SubmissionRefused } from '@throughline/adapter-kit';
import type { AdapterDeclaration } from '@throughline/adapter-kit';
import { TEST_KEYS, TestAdapter } from '@throughline/adapter-kit/testing';
import { COLLEGE_ADAPTER } from '@throughline/college-adapter/adapter';
import { councilAdapter, parseLayout } from '@throughline/council-adapter/adapter';
import { DWP_ADAPTER } from '@throughline/dwp-adapter/adapter';
import { ReferenceHasher } from '@throughline/identity';
import { NHS_ADAPTER } from '@throughline/nhs-adapter/adapter';
import { PostcodeDirectory } from '@throughline/reference-data';
import { NCCIS_FURTHER_COLUMNS, readSubmissions } from '@throughline/test-population';
import type { Deployment, Submission, SubjectReference } from '@throughline/test-population';
import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const { surname, firstName, dateOfBirth, postcode, uln } = NCCIS_FURTHER_COLUMNS;
const WITH_COLUMNS = JSON.stringify({ columns: { [surname]: 'surname', [firstName]: 'first-name', [dateOfBirth]: 'date-of-birth', [postcode]: 'postcode', [uln]: 'uln' } });
const adaptersOf = (councilColumns: boolean) => ({ nhs: NHS_ADAPTER, dwp: DWP_ADAPTER, college: COLLEGE_ADAPTER, council: councilAdapter(parseLayout(councilColumns ? WITH_COLUMNS : '{}', 'layout')) });
const POSTCODES = await PostcodeDirectory.load();
/** Spools that are real files and need no disk, where the machine has such a place. */
const SCRATCH = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

const HASHERS = new Map(Object.values(adaptersOf(false)).map(({ name }) => [name, new ReferenceHasher(`${name}-partner`, TEST_KEYS.referenceKey)]));

/** The subject that an adapter here makes of a source's reference, as hex. */
export function subjectOf({ deployment, feed, reference }: SubjectReference): string {
  const hasher = HASHERS.get(deployment);
  if (hasher === undefined) throw new RangeError(`no adapter ${deployment}`);
  return hasher.subject(feed, reference).toString('hex');
}

/** What one deployment's adapter published of a folder of partners' files, in order. */
export interface Told {
  readonly deployment: Deployment;
  /** Framed events. */
  readonly events: readonly Buffer[];
}

/**
 * Every file of a population through the real adapters: intake, reading, mapping, ledger and publishing, on a log in memory.
 * @param councilColumns whether the population was written with them.
 */
export async function partnersTold(folder: string, councilColumns: boolean): Promise<Told[]> {
  const submissions = readSubmissions(folder);
  const told: Told[] = [];
  for (const [deployment, declaration] of Object.entries(adaptersOf(councilColumns)) as [Deployment, AdapterDeclaration][]) {
    const spool = await mkdtemp(join(SCRATCH, `throughline-linkage-${deployment}-`));
    const adapter = new TestAdapter(declaration, { locate: (postcode) => POSTCODES.find(postcode) }, spool);
    try {
      await adapter.restart();
      for (const submission of submissions) if (submission.deployment === deployment) await send(adapter, submission);
      told.push({ deployment, events: adapter.sink.records.map(({ value }) => value) });
    } finally {
      await adapter.dispose();
    }
  }
  return told;
}

async function send(adapter: TestAdapter, submission: Submission): Promise<void> {
  const { intake, pipeline } = adapter.open;
  const { file, feed, mediaType, asOf, programme, fullExtract, part, refusedWhole } = submission;
  const request = { feed, mediaType, asOf: asOf ?? undefined, programme: programme ?? undefined, fullExtract: fullExtract ? 'true' : undefined, part: part ?? undefined };
  let state: string;
  try {
    state = await pipeline.settled((await intake.accept(submission.payload(), request)).submissionId);
  } catch (error) {
    if (!(error instanceof SubmissionRefused)) throw error;
    state = 'refused';
  }
  if ((state === 'refused') !== refusedWhole) throw new Error(`${file} is ${state}: a figure made without it would not be one of these files.`);
}
