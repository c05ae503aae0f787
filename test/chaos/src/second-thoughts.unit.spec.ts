import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { writePopulation } from '@throughline/test-population';
import { recount } from '@throughline/test-recount';
import { addSecondThoughts } from './second-thoughts.js';

describe('second thoughts', () => {
  let folder: string;
  let before: readonly SampleSubmission[];
  let thought: Awaited<ReturnType<typeof addSecondThoughts>>;
  let plain: ReturnType<typeof recount>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'throughline-second-thoughts-'));
    await writePopulation({ seed: 'second thoughts', people: 80, untidiness: 'untidy', directory: folder });
    before = await readManifest(folder);
    plain = recount(folder, { knowableOnly: true });
    thought = await addSecondThoughts(folder, before);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const rowsOf = async (file: string): Promise<string[][]> => (await readFile(join(folder, file), 'utf8')).trim().split('\n').slice(1).map((row) => row.split(','));
  const positionOf = (file: string): number => thought.submissions.findIndex((each) => each.file === file);

  it('come among the files of the population, which stay in their order', () => {
    const added = thought.submissions.filter((each) => !before.includes(each)).map(({ file }) => file);
    const [miskeyed, righted, mistaken] = ['miskeyed', 'righted', 'mistaken'].map((kind) => added.filter((file) => file.startsWith(`nhs/${kind}-`)).length);
    expect([miskeyed, righted, mistaken]).toEqual([miskeyed, miskeyed, miskeyed]);
    expect(miskeyed).toBeGreaterThan(1);
    expect(added).toHaveLength(3 * miskeyed! + 1);
    expect(thought.submissions.filter((each) => before.includes(each))).toEqual(before);
    expect(positionOf('nhs/miskeyed-0.csv')).toBeLessThan(positionOf('nhs/righted-0.csv'));
  });

  it('make one person of two by a number, and part them again by a later word on the same references', async () => {
    const [wrong, right] = [await rowsOf('nhs/miskeyed-0.csv'), await rowsOf('nhs/righted-0.csv')];
    expect(wrong.map(([reference]) => reference)).toEqual(right.map(([reference]) => reference));
    // The last of an odd number has no neighbour.
    const pairs = right.slice(0, right.length - (right.length % 2));
    expect(pairs.length).toBeGreaterThan(10);
    pairs.forEach((_, index) => expect(wrong[index]?.[3]).toBe(right[index % 2 === 0 ? index + 1 : index - 1]?.[3]));
    const asOf = (file: string): string => thought.submissions[positionOf(file)]?.asOf ?? '';
    expect(asOf('nhs/righted-0.csv') > asOf('nhs/miskeyed-0.csv')).toBe(true);
  });

  it('leave a manifest of what stands, which the recount reads without a word that no rule decides', async () => {
    expect([...thought.regretted].every((file) => file.startsWith('nhs/mistaken-'))).toBe(true);
    expect(thought.regretted.size).toBeGreaterThan(1);
    expect((await readManifest(folder)).map(({ file }) => file)).toEqual(thought.submissions.map(({ file }) => file).filter((file) => !thought.regretted.has(file)));
    const counted = recount(folder, { knowableOnly: true });
    expect(counted.ambiguous).toBe(plain.ambiguous);
    expect(counted.fates.get('nhs/righted-0.csv')).toMatchObject({ published: expect.any(Number) as number });
    expect(counted.knowable).not.toEqual(plain.knowable);
  });
});
