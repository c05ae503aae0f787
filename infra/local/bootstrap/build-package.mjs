// Builds one package: node build-package.mjs <package folder>. Sources in src become dist: TypeScript compiled by SWC with
// the workspace's settings, anything else (tables, scripts for Redis) copied; tests are left out.
import { transformFile } from '@swc/core';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const SETTINGS = fileURLToPath(new URL('../../../.swcrc', import.meta.url));

export async function buildPackage(folder) {
  const source = join(folder, 'src');
  const target = join(folder, 'dist');
  await rm(target, { recursive: true, force: true });
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => relative(source, join(entry.parentPath, entry.name)));
  await Promise.all(
    files
      .filter((file) => !/\.spec\.ts$|\.d\.ts$/.test(file))
      .map(async (file) => {
        const from = join(source, file);
        const to = join(target, file);
        await mkdir(dirname(to), { recursive: true });
        if (!file.endsWith('.ts')) return copyFile(from, to);
        const out = to.replace(/\.ts$/, '.js');
        const { code, map } = await transformFile(from, {
          configFile: SETTINGS,
          swcrc: false,
          sourceFileName: relative(dirname(out), from),
        });
        await writeFile(out, `${code}//# sourceMappingURL=${basename(out)}.map\n`);
        await writeFile(`${out}.map`, map);
      }),
  );
  return files.length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await buildPackage(process.argv[2]);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
