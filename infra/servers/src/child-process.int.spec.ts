import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { isAlive, startChild, waitFor } from './index.js';

const RUN = join(import.meta.dirname, '..', '..', 'local', 'run.mjs');
const PARENT = join(import.meta.dirname, 'testing', 'parent.ts');
const WITH_A_CHILD = join(import.meta.dirname, 'testing', 'with-a-child.mjs');

test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)('neither a child nor its own child outlives a parent ended by %s', async (signal) => {
  const runner = spawn(process.execPath, [RUN, 'run', PARENT], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(runner.stdout.setEncoding('utf8'), 'data')) as [string];
  const { parent, family } = JSON.parse(line) as { parent: number; family: number[] };
  expect(family.map(isAlive)).toEqual([true, true]);

  process.kill(parent, signal);
  for (const pid of family) await waitFor(() => isGone(pid), { what: 'the child and its own to be gone' });
  await waitFor(() => runner.exitCode !== null || runner.signalCode !== null, { what: 'the runner to be gone' });
});

test('a child that ignores SIGTERM is ended all the same', async () => {
  const lines: string[] = [];
  const child = await startChild({
    command: process.execPath,
    args: ['-e', "process.on('SIGTERM', () => console.log('no')); console.log('up'); setInterval(() => {}, 1e9)"],
    onLine: (line) => lines.push(line),
  });
  await waitFor(() => lines.includes('up'), { what: 'the child to be up' });
  expect(await child.stop(200)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(child.running()).toBe(false);
  expect(lines).toEqual(['up', 'no']);
});

test('a child that is killed takes with it what it started', async () => {
  const lines: string[] = [];
  const child = await startChild({ command: process.execPath, args: [WITH_A_CHILD], onLine: (line) => lines.push(line) });
  await waitFor(() => lines.length > 0, { what: 'the child of the child' });
  child.kill();
  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await waitFor(() => isGone(Number(lines[0])), { what: 'the child of the child to be gone' });
});

test('a command that does not exist is an error', async () => {
  await expect(startChild({ command: '/nowhere/program', args: [] })).rejects.toMatchObject({ code: 'ENOENT' });
});

/** Gone, or a zombie that its new parent has not yet asked about. */
async function isGone(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return true;
  const ps = spawn('ps', ['-o', 'stat=', '-p', String(pid)]);
  const [state] = (await once(ps.stdout.setEncoding('utf8'), 'data').catch(() => [''])) as [string];
  return state.trim().startsWith('Z');
}
