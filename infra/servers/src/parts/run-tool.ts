import { spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** The path of the first executable of that name on the PATH, or undefined. */
export async function onPath(name: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((part) => part !== '')) {
    for (const ending of endings) {
      const file = join(folder, name + ending);
      const found = await access(file, constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return file;
    }
  }
  return undefined;
}

export interface ToolResult {
  /** Exit code; −1 if the tool could not be started or was killed. */
  readonly code: number;
  /** Both streams, in order of arrival. */
  readonly output: string;
}

/** Runs a tool to its end. Never rejects: the caller judges the exit code. */
export function runTool(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  onLine: (line: string) => void = () => undefined,
): Promise<ToolResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let rest = '';
    const take = (chunk: string): void => {
      output += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      lines.forEach(onLine);
    };
    child.stdout.setEncoding('utf8').on('data', take);
    child.stderr.setEncoding('utf8').on('data', take);
    child.once('error', (error) => resolve({ code: -1, output: output + error.message }));
    child.once('close', (code) => resolve({ code: code ?? -1, output }));
  });
}

/** Whether packages of the system can be installed without asking: Debian's apt-get, as root. */
export async function canInstallPackages(env: NodeJS.ProcessEnv): Promise<boolean> {
  return process.getuid?.() === 0 && (await onPath('apt-get', env)) !== undefined;
}

/** Installs a package of the system. Resolves to whether it worked. */
export async function installPackage(name: string, env: NodeJS.ProcessEnv): Promise<boolean> {
  const apt = { ...env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = ['install', '-y', '--no-install-recommends', name];
  if ((await runTool('apt-get', install, apt)).code === 0) return true;
  await runTool('apt-get', ['update'], apt);
  return (await runTool('apt-get', install, apt)).code === 0;
}
