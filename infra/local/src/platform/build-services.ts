import { join } from 'node:path';
import { LocalError, runTool } from '@throughline/servers';

/**
 * Builds what the services need; what is built already comes from Nx's cache.
 *
 * @throws LocalError `BUILD_FAILED` with the compiler's words
 */
export async function buildServices(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const nx = join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js');
  const args = [nx, 'run-many', '-t', 'build', '--projects=libs/*,services/*', '--output-style=static'];
  const { code, output } = await runTool(process.execPath, args, { ...env, NX_DAEMON: 'false', NX_TUI: 'false' });
  if (code !== 0) {
    throw new LocalError('BUILD_FAILED', `The services could not be built:\n${output.trim()}\n`, 'mend what the compiler says above');
  }
}
