import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchParts } from '@throughline/servers';

/** What counted and what did not. A check that is no Jest test (the build, the type check, the lint) counts as one. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
}

/** The fields read of what `jest --json` writes. */
export interface JestResults {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** A run that says it failed although no test did (a suite that could not be loaded, no result at all) counts as one failure. */
export function tallyOfJest(results: JestResults | undefined): Tally {
  if (results === undefined) return { passed: 0, failed: 1 };
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  return { passed: results.numPassedTests, failed: failed === 0 && !results.success ? 1 : failed };
}

/** The line that ends a test run, for people and for CI. */
export function tallyLine(tallies: readonly Tally[]): string {
  const sum = (of: keyof Tally): number => tallies.reduce((total, tally) => total + tally[of], 0);
  return `${sum('passed')} passed, ${sum('failed')} failed`;
}

const CHECKS: readonly (readonly [title: string, ...words: string[]])[] = [
  ['Build', 'nx', 'run-many', '-t', 'build', '--output-style=static'],
  ['Types', 'tsc', '-p', 'tsconfig.json'],
  ['Lint', 'eslint', '.', '--max-warnings', '0'],
];

const SUITES: readonly (readonly [title: string, ...words: string[]])[] = [
  ['Unit tests', '--selectProjects', 'unit', '--maxWorkers=100%'],
  // One after the other: they share one Kafka, and some end servers.
  ['Tests against real servers', '--selectProjects', 'int', 'e2e', '--runInBand'],
];

/**
 * `npm test`: parts, build, types, lint, and all tests. Goes on after a failure, and ends with the tally as its last line.
 *
 * @param root the checkout
 * @returns whether everything passed
 */
export async function testEverything(root: string): Promise<boolean> {
  const bootstrap = join(root, 'infra', 'local', 'run.mjs');
  const tallies: Tally[] = [];
  const run = (words: readonly string[]): Promise<number | null> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [bootstrap, ...words], { cwd: root, stdio: 'inherit' });
      child.once('error', () => resolve(null));
      child.once('exit', resolve);
    });
  const title = (text: string): void => void process.stdout.write(`\n== ${text}\n`);

  title('Local parts');
  const parts = await fetchParts(process.env).catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  if (parts === undefined) tallies.push({ passed: 0, failed: 1 });
  else process.stdout.write(`Java ${parts.java}\nKafka ${parts.kafka}\nRedis ${parts.redis}\n`);

  for (const [name, ...words] of CHECKS) {
    title(name);
    tallies.push((await run(words)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 });
  }

  const folder = await mkdtemp(join(tmpdir(), 'throughline-results-'));
  try {
    for (const [index, [name, ...words]] of SUITES.entries()) {
      title(name);
      const file = join(folder, `${index}.json`);
      await run(['jest', ...words, '--json', `--outputFile=${file}`]);
      const results = await readFile(file, 'utf8').then(
        (text) => JSON.parse(text) as JestResults,
        () => undefined,
      );
      tallies.push(tallyOfJest(results));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  process.stdout.write(`\n${tallyLine(tallies)}\n`);
  return tallies.every(({ failed }) => failed === 0);
}
