import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { proofPage } from './proof-page.js';
import type { ProofRow, RowResult, RowRun } from './proof-row.js';
import { withRuns } from './proof-verdict.js';

const DOCS = join(resolve(import.meta.dirname, '../../..'), 'docs');

export const PROOF_PAGE = join(DOCS, 'proof.md');
export const PROOF_FIGURES = join(DOCS, 'proof.json');

/** What earlier runs wrote; nothing where none did. */
export async function readRuns(): Promise<RowRun[]> {
  try {
    return JSON.parse(await readFile(PROOF_FIGURES, 'utf8')) as RowRun[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** `docs/proof.json`. */
export const proofFigures = (results: readonly RowResult[]): string => `${JSON.stringify(results, null, 2)}\n`;

/** Writes both files: the rows found, and the others as they were run, judged by what is asked for today. */
export async function writeProof(rows: readonly ProofRow[], found: readonly RowRun[]): Promise<void> {
  const results = withRuns(rows, await readRuns(), found);
  await writeFile(PROOF_FIGURES, proofFigures(results));
  await writeFile(PROOF_PAGE, proofPage(rows, results));
}
