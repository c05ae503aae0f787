import { readFileSync } from 'node:fs';

/** Any JSON, looked into without trusting it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

const parsed = (text: string): Json | undefined => {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
};

/** Documents of a file, undefined for a line that is no JSON; null where the one document is none or the last line breaks off. */
export function jsonDocuments(path: string, mediaType: string): (Json | undefined)[] | null {
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const lines = mediaType.includes('ndjson');
  const documents = (lines ? text.split('\n').filter((line) => line.trim() !== '') : [text]).map(parsed);
  return documents.length === 0 || (documents.at(-1) === undefined && !(lines && text.endsWith('\n'))) ? null : documents;
}

export const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, step) => {
    if (inner === null || inner === undefined || typeof inner !== 'object') return undefined;
    return Array.isArray(inner) ? (inner as readonly Json[])[step as number] : (inner as { readonly [name: string]: Json })[step];
  }, value);

export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
