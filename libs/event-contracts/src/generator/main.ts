import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { GENERATED_FILE, contractFaults, readReleased } from './contract-state.js';
import type { ContractVersion } from './contract-sources.js';
import { SCHEMAS_FOLDER, digestOf, readContractSources, releasedName, releasedText } from './contract-sources.js';
import { renderContracts } from './render-types.js';

/** `generate` writes the TypeScript; `check` refuses what breaks the contract; `release` freezes what is not yet released. */
function main(command: string | undefined): number {
  const sources = readContractSources();
  if (command === 'generate') {
    writeFileSync(GENERATED_FILE, renderContracts(sources));
    process.stdout.write(`${GENERATED_FILE} written: ${sources.versions.length + sources.records.length} schemas.\n`);
    return 0;
  }
  if (command !== 'check' && command !== 'release') {
    process.stderr.write('Usage: main.ts generate | check | release\n');
    return 2;
  }
  const faults = contractFaults(sources, readReleased());
  for (const { code, place, remedy } of faults) process.stderr.write(`${code} ${place}: ${remedy}\n`);
  if (faults.length > 0) return 1;
  if (command === 'release') release([...sources.versions, ...sources.records]);
  else process.stdout.write(`${sources.versions.length + sources.records.length} schemas keep the contract with every released version.\n`);
  return 0;
}

function release(versions: readonly ContractVersion[]): void {
  const folder = join(SCHEMAS_FOLDER, 'released');
  const { digests } = readReleased();
  for (const version of versions) {
    const name = releasedName(version);
    if (digests[name] !== undefined) continue;
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, releasedText(version.schema), { flag: 'wx' });
    digests[name] = digestOf(readFileSync(path, 'utf8'));
    process.stdout.write(`${name} released; it is frozen from now on.\n`);
  }
  writeFileSync(join(folder, 'digests.json'), `${JSON.stringify(digests, null, 2)}\n`);
}

process.exitCode = main(process.argv[2]);
