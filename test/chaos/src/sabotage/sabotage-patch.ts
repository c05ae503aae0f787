import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** A change that breaks one promise, and the test that has to notice. */
export interface SabotagePatch {
  /** File name without its ending. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** What is broken, in a sentence. */
  readonly breaks: string;
  /** Path of the spec below the checkout. */
  readonly spec: string;
  /** Title of the test in it. */
  readonly test: string;
  /** Files it changes, below the checkout. */
  readonly files: readonly string[];
}

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, '../../../..');

export const PATCH_FOLDER = join(ROOT, 'test', 'chaos', 'sabotage');

/** Thrown when a patch does not begin with what it breaks and who has to notice. */
export class PatchUnreadable extends Error {
  override readonly name = 'PatchUnreadable';
  readonly code = 'PATCH_UNREADABLE';
  readonly remedy = 'Begin the patch with the lines "Sabotage:", "Spec:" and "Test:", each with its text.';
  constructor(readonly place: string, missing: string) {
    super(`${place} has no line "${missing}: …"`);
  }
}

/** Every patch of the folder, by name. */
export async function readPatches(): Promise<SabotagePatch[]> {
  const names = (await readdir(PATCH_FOLDER)).filter((name) => name.endsWith('.patch')).sort();
  return Promise.all(names.map(async (name) => parsePatch(name, await readFile(join(PATCH_FOLDER, name), 'utf8'))));
}

/** @throws PatchUnreadable */
export function parsePatch(fileName: string, text: string): SabotagePatch {
  const line = (heading: string): string => {
    const found = new RegExp(`^${heading}: (.+)$`, 'm').exec(text)?.[1];
    if (found === undefined) throw new PatchUnreadable(fileName, heading);
    return found.trim();
  };
  return {
    name: fileName.replace(/\.patch$/, ''),
    path: join(PATCH_FOLDER, fileName),
    breaks: line('Sabotage'),
    spec: line('Spec'),
    test: line('Test'),
    files: [...text.matchAll(/^\+\+\+ b\/(.+)$/gm)].map(([, file = '']) => file),
  };
}
