import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import { describeAdapter } from './describe-adapter.js';

const isDeclaration = (value: unknown): value is AdapterDeclaration => typeof value === 'object' && value !== null && 'feeds' in value && 'name' in value;

const [source, page] = process.argv.slice(2);
if (source === undefined || page === undefined) {
  process.stderr.write('Usage: write-partner-page.ts <file that exports the declaration> <page to write>\n');
  process.exit(1);
}
const exported = (await import(pathToFileURL(resolve(source)).href)) as Record<string, unknown>;
const declaration = Object.values(exported).find(isDeclaration);
if (declaration === undefined) {
  process.stderr.write(`${source} exports no adapter declaration\n`);
  process.exit(1);
}
await mkdir(dirname(resolve(page)), { recursive: true });
await writeFile(page, describeAdapter(declaration));
