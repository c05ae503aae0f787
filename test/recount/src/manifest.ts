import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a manifest's line says of a file; the recount needs no more of it. */
export interface SentFile {
  readonly file: string;
  readonly deployment: string;
  readonly feed: string;
  readonly part: string | null;
  readonly asOf: string | null;
  readonly programme: string | null;
  readonly fullExtract: boolean;
  readonly mediaType: string;
}

export const linesOf = (path: string): string[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Files of a folder, each payload and parameters once: sent again it says nothing new. */
export function sentFiles(directory: string): SentFile[] {
  const files = linesOf(join(directory, 'manifest.jsonl')).map((line) => JSON.parse(line) as SentFile);
  const key = ({ file, feed, part, asOf, programme, fullExtract }: SentFile): string => JSON.stringify([file, feed, part, asOf, programme, fullExtract]);
  return [...new Map(files.map((each) => [key(each), each])).values()];
}
