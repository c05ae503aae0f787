import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleSubmission } from '@throughline/local';

/** What partners send beside a population's own files. */
export interface SecondThoughts {
  /** All to be sent, in order of arrival. */
  readonly submissions: readonly SampleSubmission[];
  /** Files sent by mistake: taken back at once, and in no manifest. */
  readonly regretted: ReadonlySet<string>;
}

const HOUR = 3_600_000;
/** Few, so that a large population has something on its way at every fault. */
const ROWS_PER_FILE = 40;
const REFERENCE = 0;
const NHS_NUMBER = 3;

/**
 * Adds to a folder what hurried people send: a list in which neighbours have each other's NHS number, which makes one person
 * of two; the same rows put right, which parts them; a list about people under references that are nobody's, which is taken
 * back; and the last extract again under another name with other line ends. The manifest then names what stands.
 */
export async function addSecondThoughts(folder: string, submissions: readonly SampleSubmission[]): Promise<SecondThoughts> {
  // The last by its own clock: no extract comes after it that would take back whom only second thoughts name.
  const model = submissions.filter(({ feed, refusedWhole }) => feed === 'nhs-csv' && !refusedWhole).sort((a, b) => (a.asOf ?? '').localeCompare(b.asOf ?? '')).at(-1);
  if (model === undefined || model.asOf === null) return { submissions, regretted: new Set() };
  const text = await readFile(join(folder, model.file), 'utf8');
  const [head = '', ...rows] = text.split(/\r?\n/).filter((line) => line !== '');
  // A quoted field may hold a comma.
  const plain = [...new Map(rows.filter((row) => !row.includes('"')).map((row) => [fieldsOf(row)[REFERENCE], row])).values()];
  const asOf = Date.parse(model.asOf);
  const added: { readonly submission: SampleSubmission; readonly share: number }[] = [];
  const regretted = new Set<string>();
  const add = async (name: string, lines: readonly string[], afterHours: number, share: number): Promise<SampleSubmission> => {
    const submission: SampleSubmission = { ...model, file: `nhs/${name}.csv`, asOf: new Date(asOf + afterHours * HOUR).toISOString(), fullExtract: false };
    await writeFile(join(folder, submission.file), `${[head, ...lines].join('\n')}\n`);
    added.push({ submission, share });
    return submission;
  };
  const files = Math.ceil(plain.length / ROWS_PER_FILE);
  for (let file = 0; file < files; file += 1) {
    const lines = plain.slice(file * ROWS_PER_FILE, (file + 1) * ROWS_PER_FILE);
    await add(`miskeyed-${file}`, exchanged(lines).map(underReference('Z')), 24, (0.6 * (file + 0.5)) / files);
    await add(`righted-${file}`, lines.map(underReference('Z')), 48, (0.6 * (file + 0.5)) / files + 0.35);
    regretted.add((await add(`mistaken-${file}`, lines.map(underReference('Y')), 72, (file + 0.25) / files)).file);
  }
  // What it says stands already, at the same instant: it is told once more and changes nothing.
  added.push({ submission: { ...model, file: 'nhs/other-line-ends.csv' }, share: 0.9 });
  await writeFile(join(folder, 'nhs/other-line-ends.csv'), `${[head, ...rows].join('\n')}\n`);
  const all = inserted(submissions, added);
  await writeFile(join(folder, 'manifest.jsonl'), all.filter(({ file }) => !regretted.has(file)).map((each) => `${JSON.stringify(each)}\n`).join(''));
  return { submissions: all, regretted };
}

const fieldsOf = (row: string): string[] => row.split(',');

const underReference = (prefix: string) => (row: string): string => `${prefix}${row}`;

/** Each row with the NHS number of its neighbour. */
function exchanged(rows: readonly string[]): string[] {
  return rows.map((row, index) => {
    const neighbour = rows[index % 2 === 0 ? index + 1 : index - 1];
    const fields = fieldsOf(row);
    return (neighbour === undefined ? fields : fields.with(NHS_NUMBER, fieldsOf(neighbour)[NHS_NUMBER] ?? '')).join(',');
  });
}

/** Those added where their share of all has gone by. */
function inserted(submissions: readonly SampleSubmission[], added: readonly { readonly submission: SampleSubmission; readonly share: number }[]): SampleSubmission[] {
  const placed = [...submissions.map((submission, index) => ({ submission, share: index / submissions.length })), ...added];
  return placed.sort((a, b) => a.share - b.share).map(({ submission }) => submission);
}
