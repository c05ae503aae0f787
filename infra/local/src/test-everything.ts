import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
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

interface Step {
  readonly title: string;
  readonly words: readonly string[];
  /** Counts its tests; else it counts as one check. */
  readonly isJest?: boolean;
}

const jest = (title: string, ...words: string[]): Step => ({ title, words: ['jest', ...words], isJest: true });

/** One line after the other; the steps of one line side by side. */
const STEPS: readonly (readonly Step[])[] = [
  [{ title: 'Build', words: ['nx', 'run-many', '-t', 'build', '--output-style=static'] }],
  [
    { title: 'Types', words: ['tsc', '-p', 'tsconfig.json'] },
    { title: 'Lint', words: ['eslint', '.', '--max-warnings', '0'] },
  ],
  [jest('Unit tests', '--selectProjects', 'unit', '--maxWorkers=100%')],
  // Their tests share a Kafka and a Redis, and some end servers or build the services: one after the other.
  [jest('Tests against real servers', '--selectProjects', 'int', 'e2e', '--runInBand')],
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
  const title = (text: string): void => void process.stdout.write(`\n== ${text}\n`);

  title('Local parts');
  const parts = await fetchParts(process.env).catch((error: unknown) => {
    process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return undefined;
  });
  if (parts === undefined) tallies.push({ passed: 0, failed: 1 });
  else process.stdout.write(`Java ${parts.java}\nKafka ${parts.kafka}\nRedis ${parts.redis}\n`);

  const folder = await mkdtemp(join(tmpdir(), 'throughline-results-'));
  try {
    for (const steps of STEPS) {
      let before: Promise<unknown> = Promise.resolve();
      const done = steps.map(async (step, place) => {
        const { title: name, words, isJest = false } = step;
        const results = join(folder, `${name}.json`);
        const told = place === 0 ? 'inherit' : 'pipe';
        const child = spawn(process.execPath, [bootstrap, ...words, ...(isJest ? ['--json', `--outputFile=${results}`] : [])], { cwd: root, stdio: ['inherit', told, told] });
        const code = ended(child);
        const shown = showInTurn(child, before.then(() => title(name)));
        before = Promise.all([code, shown]);
        await before;
        return isJest ? tallyOfJest(await readResults(results)) : { passed: (await code) === 0 ? 1 : 0, failed: (await code) === 0 ? 0 : 1 };
      });
      tallies.push(...(await Promise.all(done)));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }

  process.stdout.write(`\n${tallyLine(tallies)}\n`);
  return tallies.every(({ failed }) => failed === 0);
}

/** @returns its exit code; null where it could not be started or was killed */
const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });

const readResults = (file: string): Promise<JestResults | undefined> =>
  readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as JestResults,
    () => undefined,
  );

/** Holds back what a process prints until it is its turn, whatever it is by then; then shows it as it comes. */
async function showInTurn({ stdout, stderr }: ChildProcess, turn: Promise<unknown>): Promise<void> {
  const held: (() => void)[] = [];
  let isTurn = false;
  for (const [from, to] of [[stdout, process.stdout], [stderr, process.stderr]] as const) {
    from?.on('data', (chunk: Buffer) => {
      if (isTurn) to.write(chunk);
      else held.push(() => to.write(chunk));
    });
  }
  await turn;
  isTurn = true;
  for (const show of held) show();
}
