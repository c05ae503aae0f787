import { readFileSync } from 'node:fs';

/** Any JSON, looked into without trusting it. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Documents of a file; null where one is not JSON. */
export function jsonDocuments(path: string, mediaType: string): Json[] | null {
  const text = readFileSync(path, 'utf8').replace(/^\ufeff/, '');
  const parts = mediaType.includes('ndjson') ? text.split('\n').filter((line) => line.trim() !== '') : [text];
  try {
    return parts.map((part) => JSON.parse(part) as Json);
  } catch {
    return null;
  }
}

export const at = (value: Json | undefined, ...path: readonly (string | number)[]): Json | undefined =>
  path.reduce<Json | undefined>((inner, step) => {
    if (inner === null || inner === undefined || typeof inner !== 'object') return undefined;
    return Array.isArray(inner) ? (inner as readonly Json[])[step as number] : (inner as { readonly [name: string]: Json })[step];
  }, value);

export const list = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
