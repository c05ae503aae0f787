import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contractsCommand } from './command-line.js';
import { GENERATED_FILE, contractFaults, readReleased } from './contract-state.js';
import type { ContractVersion } from './contract-sources.js';
import { SCHEMAS_FOLDER, digestOf, readContractSources, releasedName, releasedText } from './contract-sources.js';
import { renderContracts } from './render-types.js';

function generate(): number {
  const sources = readContractSources();
  writeFileSync(GENERATED_FILE, renderContracts(sources));
  process.stdout.write(`${GENERATED_FILE} written: ${sources.versions.length + sources.records.length} schemas.\n`);
  return 0;
}

/** @param then is done where nothing breaks the contract. */
function checked(then: (schemas: readonly ContractVersion[]) => void): number {
  const sources = readContractSources();
  const faults = contractFaults(sources, readReleased());
  for (const { code, place, remedy } of faults) process.stderr.write(`${code} ${place}: ${remedy}\n`);
  if (faults.length > 0) return 1;
  then([...sources.versions, ...sources.records]);
  return 0;
}

const check = (): number => checked(({ length }) => void process.stdout.write(`${length} schemas keep the contract with every released version.\n`));

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

await contractsCommand({ generate, check, release: () => checked(release) }, (code) => (process.exitCode = code)).parseAsync();
