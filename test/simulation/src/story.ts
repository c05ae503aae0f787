import { randomOf, readSubmissions, writePopulation, MANIFEST_FILE } from '@throughline/test-population';
import type { Deployment, Random, Submission } from '@throughline/test-population';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Errand } from './adapter-process.js';

/** What partners send in one history, in the order they send it. */
export interface Story {
  /** Holds the files, and a manifest of just those that are sent for good. */
  readonly folder: string;
  readonly errands: ReadonlyMap<Deployment, readonly Errand[]>;
}

const AGAIN = 1 / 4;
const TAKEN_BACK = 1 / 2;

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  return Array.from({ length: rest.length }, () => rest.splice(random.between(0, rest.length - 1), 1)[0]!);
}

/**
 * A few lives as two to four partners tell of them: some of their files, in any order, some once more, and perhaps one that was
 * sent by mistake and is taken back, of people under references that nobody else uses.
 * @param most files that are sent for good, at most
 */
export async function writeStory(seed: number, folder: string, most: number): Promise<Story> {
  const random = randomOf('simulation', 'story', seed);
  await writePopulation({ seed: `simulation ${seed}`, people: random.between(1, 5), untidiness: random.pick(['ordinary', 'untidy']), directory: folder });
  const all = readSubmissions(folder);
  const there = [...new Set(all.map(({ deployment }) => deployment))].sort();
  const telling = shuffled(there, random).slice(0, random.between(2, 4));
  const files = [...new Map(all.filter(({ deployment }) => telling.includes(deployment)).map((each) => [each.file, each])).values()];
  const sent = shuffled(files, random).slice(0, Math.min(most, random.between(4, 14)));
  // In the order written: of what is equal in every respect the recount takes the same whatever its order.
  writeFileSync(join(folder, MANIFEST_FILE), all.filter((each) => sent.includes(each)).map((each) => `${manifestLine(each)}\n`).join(''));
  const again = sent.filter(() => random.chance(AGAIN));
  const errands: { readonly deployment: Deployment; readonly errand: Errand }[] = [...sent, ...shuffled(again, random)].map((submission) => ({
    deployment: submission.deployment,
    errand: { submission, withdrawn: false },
  }));
  const byMistake = random.chance(TAKEN_BACK) ? mistake(sent, folder) : undefined;
  if (byMistake !== undefined) errands.splice(random.between(0, errands.length), 0, { deployment: byMistake.deployment, errand: { submission: byMistake, withdrawn: true } });
  const byDeployment = new Map<Deployment, Errand[]>();
  for (const { deployment, errand } of errands) byDeployment.set(deployment, [...(byDeployment.get(deployment) ?? []), errand]);
  return { folder, errands: byDeployment };
}

const manifestLine = ({ path: _path, payload: _payload, ...entry }: Submission): string => JSON.stringify(entry);

/** A CSV of one that is sent, about the same people under other references. */
function mistake(sent: readonly Submission[], folder: string): Submission | undefined {
  const model = sent.find(({ feed, refusedWhole }) => feed === 'nhs-csv' && !refusedWhole);
  if (model === undefined) return undefined;
  const [head = '', ...rows] = readFileSync(join(folder, model.file), 'utf8').split('\n');
  if (rows.every((row) => row === '')) return undefined;
  const text = [head, ...rows.map((row) => (row === '' ? '' : `Z${row}`))].join('\n');
  return { ...model, fullExtract: false, payload: () => Readable.from([Buffer.from(text)]) };
}
