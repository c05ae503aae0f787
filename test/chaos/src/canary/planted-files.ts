import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { writePopulation } from '@throughline/test-population';

/** What names a person, and how it looks in any of the formats. Invalid ones look the same. */
const KINDS: Readonly<Record<string, RegExp>> = {
  name: /\bZyxq[a-z]+\b/g,
  'NHS number or ULN': /\b\d{10}\b/g,
  'NHS number in groups': /\b\d{3} \d{3} \d{4}\b/g,
  NINO: /\b[A-Z]{2}\d{6}[A-D]\b/g,
  'date of birth': /\b(19[0-9]{2}|200[0-9]|201[0-4])-\d{2}-\d{2}\b/g,
  postcode: /\bZA\d{1,2} \d[A-Z]{2}\b/g,
  'learner reference': /\bL\d{7}\b/g,
  'case or row reference': /\b[RS]\d{7}\b/g,
  'pupil reference': /\bPMR\d{10}\b/g,
  'unique_id': /\bRT-\d{6}\b/g,
};

export interface PlantedFiles {
  readonly folder: string;
  readonly submissions: readonly SampleSubmission[];
  /** Every value in these files that names a person, by kind. */
  readonly canaries: ReadonlyMap<string, readonly string[]>;
}

interface Named {
  readonly firstNames: readonly { readonly firstName: string }[];
  readonly surnames: readonly { readonly surname: string }[];
}

/**
 * Partners' files of invented people, with names that stand nowhere else: a common name would be found by chance. Records
 * and files that have to be refused are among them, and identifiers that fail their own check.
 */
export async function plantedFiles(folder: string, people: number): Promise<PlantedFiles> {
  await writePopulation({ seed: 'canary', people, untidiness: 'untidy', directory: folder });
  const lives = (await readFile(join(folder, 'truth.jsonl'), 'utf8')).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Named);
  const names = new Set(lives.flatMap(({ firstNames, surnames }) => [...firstNames.map(({ firstName }) => firstName), ...surnames.map(({ surname }) => surname)]));
  // The longest first: one name may begin with another.
  const inOrder = [...names].sort((left, right) => right.length - left.length);
  const submissions = await readManifest(folder);
  const found = new Map(Object.keys(KINDS).map((kind) => [kind, new Set<string>()]));
  for (const file of new Set(submissions.map((each) => each.file))) {
    const path = join(folder, file);
    const text = inOrder.reduce((written, name) => written.replaceAll(name, strange(name)), await readFile(path, 'utf8'));
    await writeFile(path, text);
    for (const [kind, shape] of Object.entries(KINDS)) for (const [value] of text.matchAll(shape)) found.get(kind)?.add(value);
  }
  return { folder, submissions, canaries: new Map([...found].map(([kind, values]) => [kind, [...values]])) };
}

const strange = (name: string): string => `Zyxq${name.toLowerCase().replace(/[^a-z]/g, '')}`;
