import { terminalProgress } from '../progress.js';
import { defaultCacheDir } from './cache.js';
import { findJava } from './java.js';
import { findJars } from './maven-jars.js';
import { findRedisServer } from './redis-command.js';

/**
 * Makes sure that every local part is there.
 *
 * @returns where each is
 * @throws LocalError
 */
export async function fetchParts(env: NodeJS.ProcessEnv): Promise<{ java: string; kafka: string; redis: string }> {
  const options = { cacheDir: defaultCacheDir(env), env, progress: terminalProgress(process.stderr) };
  const redis = await findRedisServer(options);
  const java = await findJava(options);
  return { java: java.command, kafka: await findJars('kafka', java, options), redis };
}
