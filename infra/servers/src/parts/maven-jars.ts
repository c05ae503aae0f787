import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { LocalError } from '../local-error.js';
import { cachedFolder } from './cache.js';
import type { Java } from './java.js';
import { WITH_DOCKER } from './parts.js';
import type { PartsOptions } from './parts.js';
import { lockedPart, verifyFile } from './parts-lock.js';
import { canInstallPackages, installPackage, onPath, runTool } from './run-tool.js';

/** What Maven fetches, as a user knows it, and what remains where it cannot. */
const FETCHED = {
  kafka: {
    what: 'Kafka',
    pom: '../../../kafka/pom.xml',
    otherwise: `install Maven and check its access to a repository, or point KAFKA_BROKERS at a broker of your own, ${WITH_DOCKER}`,
  },
  'kafka-streams': {
    what: 'Kafka Streams',
    pom: '../../../../test/bench/src/peers/kafka-streams/pom.xml',
    otherwise: 'install Maven and check its access to a repository, or leave out the part of the bench that needs it',
  },
} as const;

/** A part that Maven fetches. */
export type MavenPart = keyof typeof FETCHED;

async function findMaven({ what, otherwise }: (typeof FETCHED)[MavenPart], env: NodeJS.ProcessEnv): Promise<string> {
  const own = await onPath('mvn', env);
  if (own !== undefined) return own;
  if (await canInstallPackages(env)) {
    await installPackage('maven', env);
    const installed = await onPath('mvn', env);
    if (installed !== undefined) return installed;
  }
  throw new LocalError('KAFKA_MISSING', `${what} could not be fetched, because there is no mvn on the PATH`, otherwise);
}

/**
 * The folder with the jars of a part, fetched by Maven when it is not in the cache.
 *
 * @throws LocalError `KAFKA_MISSING`, `PART_ALTERED`
 */
export async function findJars(name: MavenPart, java: Java, { cacheDir, env, progress }: PartsOptions): Promise<string> {
  const fetched = FETCHED[name];
  const { what, otherwise } = fetched;
  const part = lockedPart(name);
  const version = part.requirement.split(':').at(-1) ?? '';
  return cachedFolder(cacheDir, `${name}-${version}`, async (folder) => {
    const maven = await findMaven(fetched, env);
    const names = Object.keys(part.files);
    const task = progress.start(`Fetching ${what}`, names.length, 'jars');
    const seen = new Set<string>();
    const pom = fileURLToPath(new URL(fetched.pom, import.meta.url));
    const args = ['-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
    // Maven's script takes its Java from JAVA_HOME, or from the PATH.
    const mavenEnv = java.home === undefined ? env : { ...env, JAVA_HOME: java.home };
    const { code, output } = await runTool(maven, args, mavenEnv, (line) => {
      const jar = /(?:Downloaded|Copying).*?([^/ ]+\.jar)/.exec(line)?.[1];
      if (jar !== undefined && names.includes(jar)) task.update(seen.add(jar).size);
    });
    task.finish();
    if (code !== 0) {
      const why = /^\[ERROR\] (.*)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
      throw new LocalError('KAFKA_MISSING', `Maven could not fetch ${what} ${version} (${why.slice(0, 300)})`, otherwise);
    }
    const jars = (await readdir(folder)).filter((file) => file.endsWith('.jar'));
    const missing = names.filter((jar) => !jars.includes(jar));
    if (missing.length > 0) {
      throw new LocalError('KAFKA_MISSING', `Maven fetched ${what} ${version} without ${missing.join(', ')}`, otherwise);
    }
    for (const jar of jars) await verifyFile(join(folder, jar), part);
  });
}
