import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReferenceHasher } from '@throughline/identity';
import { links, readManifest, submissionQuery, waitFor } from '@throughline/local';
import { loadPlace, referencesOf, TRUTH_FILE, writePopulation } from '@throughline/test-population';
import type { Life } from '@throughline/test-population';
import { compareCells, decisionsInForce, describeDifferences, partnersByDeployment, recount } from '@throughline/test-recount';
import type { Recount } from '@throughline/test-recount';
import { renamedInOtherOrder } from './other-order.js';
import { exactCells, runPlatform } from './running-platform.js';
import type { RunningPlatform } from './running-platform.js';

const PEOPLE = 400;

describe('the main job: partners’ files in, figures out', () => {
  let folder: string;
  let running: RunningPlatform;
  let counted: Recount;
  let shown: Map<string, number>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-population-'));
    await writePopulation({ seed: 'main-job', people: PEOPLE, untidiness: 'untidy', directory: join(folder, 'sample') });
    running = await runPlatform();
    counted = recount(join(folder, 'sample'), { partnersByDeployment: await partnersByDeployment(running.stateDir) });
    await running.load(join(folder, 'sample'));
    shown = await running.cells();
  });

  afterAll(async () => {
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('shows exactly what a perfect reader of the files would know', () => {
    expect(counted.knowable.size).toBeGreaterThan(100);
    expect(describeDifferences(compareCells(shown, counted.knowable))).toBe('');
  });

  it('links people over partners: no partner alone could have known it', () => {
    const total = (cells: ReadonlyMap<string, number>, metric: string): number =>
      [...cells].reduce((sum, [cell, count]) => sum + (cell.startsWith(`${metric}|`) ? count : 0), 0);
    for (const [deployment, alone] of counted.alone) {
      expect([deployment, total(alone, 'into_work') < total(shown, 'into_work')]).toEqual([deployment, true]);
    }
  });

  it('gives every record one of three fates, as the recount says', async () => {
    const { fates } = counted;
    const wrong: unknown[] = [];
    for (const [file, expected] of fates) {
      const found = await fatesOf(running, join(folder, 'sample'), file);
      if (expected === null ? found !== 'refused whole' : typeof found === 'string' || found.refused !== expected.refused || found.received !== expected.published + expected.skipped + expected.refused) {
        wrong.push({ file, expected, found });
      }
    }
    expect(wrong).toEqual([]);
  });

  it('moves no cell when everything is sent again, renamed and in another order', async () => {
    await renamedInOtherOrder(join(folder, 'sample'), join(folder, 'again'));
    await running.load(join(folder, 'again'));
    expect(describeDifferences(compareCells(await running.cells(), shown))).toBe('');
  });

  it('shows what a perfect reader would know once operators have split and joined people, and as before once they have taken it back', async () => {
    const linkage = running.platform.url('linkage');
    const decide = async (...words: readonly string[]): Promise<string> =>
      /Decision ([0-9a-f]{32}) is in the log and in the links/.exec(await links([...words, '--commit', '--by', 'j.okafor', '--reason', 'OTHER'], linkage))?.[1] ?? 'none';
    const partnersByKey = await partnersByDeployment(running.stateDir);
    const [[joined = ''] = [], [other = ''] = [], ...apart] = await linkedPeople(linkage, join(folder, 'sample'), partnersByKey);
    expect(apart.length).toBeGreaterThan(3);
    const made = [await decide('join', joined, other)];
    for (const [moved = ''] of apart) made.push(await decide('split', moved));
    const decided = await running.cells();
    const decisions = await decisionsInForce(linkage);
    expect(decisions.map(({ decision }) => decision).sort()).toEqual([...made].sort());
    const { knowable } = recount(join(folder, 'sample'), { knowableOnly: true, partnersByDeployment: partnersByKey, decisions });
    expect(describeDifferences(compareCells(decided, knowable))).toBe('');
    expect(compareCells(decided, shown).length).toBeGreaterThan(5);
    for (const decision of made) await links(['withdraw', decision, '--by', 'j.okafor', '--reason', 'DECIDED_IN_ERROR'], linkage);
    expect(describeDifferences(compareCells(await running.cells(), shown))).toBe('');
  });

  it('moves the exact cells when one file is edited by hand and sent', async () => {
    const file = [
      'unique_id,first_name,last_name,year_of_birth,dispersal_area,date_started_service',
      'HAND-MADE-1,Ana,Example,1990,Oldham Council,2026-02',
    ].join('\n');
    // Later than every full extract of the sample: an older word on somebody they do not name says nothing.
    const clocks = (await readManifest(join(folder, 'sample'))).flatMap(({ asOf }) => (asOf === null ? [] : [Date.parse(asOf)]));
    const asOf = new Date(Math.max(...clocks) + 1_000).toISOString();
    const response = await fetch(`${running.adapterUrl('council')}/submissions?part=person&mode=commit&asOf=${asOf}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: file,
    });
    expect(response.status).toBe(202);
    const starts = (cells: ReadonlyMap<string, number>): number =>
      [...cells].reduce((sum, [cell, count]) => sum + (cell.startsWith('support_starts|') ? count : 0), 0);
    const before = starts(shown);
    const after = await waitFor(async () => {
      const now = starts(await exactCells(running.platform.url('outcomes')));
      return now > before ? now : undefined;
    }, { what: 'the new support start to be counted' });
    expect(after).toBe(before + 1);
  });
});

/** Subjects of some participants that have several, as linkage tells them. */
async function linkedPeople(linkage: string, sample: string, partners: Awaited<ReturnType<typeof partnersByDeployment>>): Promise<string[][]> {
  const place = loadPlace();
  const people = new Map<string, string[]>();
  for (const line of (await readFile(join(sample, TRUTH_FILE), 'utf8')).trimEnd().split('\n')) {
    const { deployment, feed, reference } = referencesOf(JSON.parse(line) as Life, place).find((each) => each.deployment === 'dwp')!;
    const { partner, referenceKey } = partners[deployment]!;
    const response = await fetch(`${linkage}/internal/links/people/${new ReferenceHasher(partner, referenceKey).subject(feed, reference).toString('hex')}`);
    // Of somebody of whom DWP tells nothing linkage knows nothing.
    if (!response.ok) continue;
    const { participant, subjects } = (await response.json()) as { participant: string; subjects: readonly { readonly subject: string }[] };
    if (subjects.length > 2) people.set(participant, subjects.map(({ subject }) => subject));
    if (people.size === 8) break;
  }
  return [...people.values()];
}

/** What the adapter says became of the records of a file: sending it again gives the same receipt. */
async function fatesOf(running: RunningPlatform, folder: string, file: string): Promise<'refused whole' | { received: number; refused: number }> {
  const submission = (await readManifest(folder)).find((entry) => entry.file === file);
  if (submission === undefined) throw new Error(`${file} is not in the manifest`);
  const url = running.adapterUrl(submission.deployment);
  const response = await fetch(`${url}/submissions?${submissionQuery(submission)}`, {
    method: 'POST',
    headers: { 'content-type': submission.mediaType },
    body: new Uint8Array(await readFile(join(folder, file))),
  });
  if (!response.ok) return 'refused whole';
  const { submissionId } = (await response.json()) as { submissionId: string };
  const status = (await (await fetch(`${url}/submissions/${submissionId}`)).json()) as { state: string; counts: { received: number; refused: number } };
  return status.state === 'refused' ? 'refused whole' : status.counts;
}
