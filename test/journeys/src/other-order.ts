import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A folder with the same submissions under other names and in another order of arrival: the last first. */
export async function renamedInOtherOrder(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const lines = (await readFile(join(from, 'manifest.jsonl'), 'utf8')).split('\n').filter((line) => line !== '');
  const renamed = lines.reverse().map(async (line, index) => {
    const entry = JSON.parse(line) as { file: string };
    const file = `again-${index}${extname(entry.file)}`;
    await copyFile(join(from, entry.file), join(to, file));
    return JSON.stringify({ ...entry, file });
  });
  await writeFile(join(to, 'manifest.jsonl'), `${(await Promise.all(renamed)).join('\n')}\n`);
}
