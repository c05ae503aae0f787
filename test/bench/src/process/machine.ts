import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Clock ticks a second in /proc/<pid>/stat; Linux shows user space 100 on every architecture. */
const TICKS = 100;

/** What the figures were measured on, one line. */
export function describeMachine(): string {
  const [first] = cpus();
  return `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB, Linux ${release()}, Node ${process.version}`;
}

/** Processes that wanted a core, mean of the last minute: the bench's own included. */
export const loadNow = (): number => loadavg()[0]!;

let tasksetWorks: boolean | undefined;

/** Whether a process can be kept on one core here: at least two cores, and `taskset`. */
export function canPin(): boolean {
  if (tasksetWorks === undefined) {
    try {
      execFileSync('taskset', ['-V'], { stdio: 'ignore' });
      tasksetWorks = cpus().length >= 2;
    } catch {
      tasksetWorks = false;
    }
  }
  return tasksetWorks;
}

/** Keeps a running process, all its threads, on one core. */
export function pin(pid: number, core: number): void {
  if (canPin()) execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' });
}

/** Command and arguments that start a process on one core. */
export function pinned(core: number, command: string, args: readonly string[]): { readonly command: string; readonly args: readonly string[] } {
  return canPin() ? { command: 'taskset', args: ['-c', String(core), command, ...args] } : { command, args };
}

/** Seconds of processor time in the text of /proc/<pid>/stat: the process and the children it has waited for. */
export function cpuSecondsIn(stat: string): number {
  // The second field is the name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / TICKS;
}

/** Processor time a process has used so far, seconds. */
export const cpuSecondsOf = (pid: number): number => cpuSecondsIn(readFileSync(`/proc/${pid}/stat`, 'utf8'));

/** A process and everything it has started, as far as it runs or was waited for: processor time so far, seconds. */
export function cpuSecondsOfTree(root: number): number {
  const children = new Map<number, { readonly pid: number; readonly seconds: number }[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    } catch {
      continue; // Ended between the listing and now.
    }
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    children.set(parent, [...(children.get(parent) ?? []), { pid: Number(name), seconds: cpuSecondsIn(stat) }]);
  }
  const below = (pid: number): number => (children.get(pid) ?? []).reduce((sum, child) => sum + child.seconds + below(child.pid), 0);
  return cpuSecondsOf(root) + below(root);
}
