import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RowResult } from './proof-row.js';

const DOCS = join(resolve(import.meta.dirname, '../../..'), 'docs');

export const PROOF_PAGE = join(DOCS, 'proof.md');
export const PROOF_FIGURES = join(DOCS, 'proof.json');

/** What earlier runs wrote; nothing where none did. */
export async function readResults(): Promise<RowResult[]> {
  try {
    return JSON.parse(await readFile(PROOF_FIGURES, 'utf8')) as RowResult[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
