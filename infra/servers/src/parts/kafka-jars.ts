import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalError } from '../local-error.js';
import { cachedFolder } from './cache.js';
import type { Java } from './java.js';
import { WITH_DOCKER } from './parts.js';
import type { PartsOptions } from './parts.js';
import { lockedPart, verifyFile } from './parts-lock.js';
import { canInstallPackages, installPackage, onPath, runTool } from './run-tool.js';

const POM = fileURLToPath(new URL('../../../kafka/pom.xml', import.meta.url));

const ELSE = `install Maven and check its access to a repository, or point KAFKA_BROKERS at a broker of your own, ${WITH_DOCKER}`;

async function findMaven(env: NodeJS.ProcessEnv): Promise<string> {
  const own = await onPath('mvn', env);
  if (own !== undefined) return own;
  if (await canInstallPackages(env)) {
    await installPackage('maven', env);
    const installed = await onPath('mvn', env);
    if (installed !== undefined) return installed;
  }
  throw new LocalError('KAFKA_MISSING', 'Kafka could not be fetched, because there is no mvn on the PATH', ELSE);
}

/**
 * The folder with the jars of Kafka, fetched by Maven when it is not in the cache.
 *
 * @throws LocalError `KAFKA_MISSING`, `PART_ALTERED`
 */
export async function findKafkaJars(java: Java, { cacheDir, env, progress }: PartsOptions): Promise<string> {
  const part = lockedPart('kafka');
  const version = part.requirement.split(':').at(-1) ?? '';
  return cachedFolder(cacheDir, `kafka-${version}`, async (folder) => {
    const maven = await findMaven(env);
    const names = Object.keys(part.files);
    const task = progress.start('Fetching Kafka', names.length, 'jars');
    const seen = new Set<string>();
    const args = ['-B', '-f', POM, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`, '-DincludeScope=runtime'];
    // Maven's script takes its Java from JAVA_HOME, or from the PATH.
    const mavenEnv = java.home === undefined ? env : { ...env, JAVA_HOME: java.home };
    const { code, output } = await runTool(maven, args, mavenEnv, (line) => {
      const jar = /(?:Downloaded|Copying).*?([^/ ]+\.jar)/.exec(line)?.[1];
      if (jar !== undefined && names.includes(jar)) task.update(seen.add(jar).size);
    });
    task.finish();
    if (code !== 0) {
      const why = /^\[ERROR\] (.*)$/m.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';
      throw new LocalError('KAFKA_MISSING', `Maven could not fetch Kafka ${version} (${why.slice(0, 300)})`, ELSE);
    }
    const jars = (await readdir(folder)).filter((file) => file.endsWith('.jar'));
    const missing = names.filter((name) => !jars.includes(name));
    if (missing.length > 0) {
      throw new LocalError('KAFKA_MISSING', `Maven fetched Kafka ${version} without ${missing.join(', ')}`, ELSE);
    }
    for (const jar of jars) await verifyFile(join(folder, jar), part);
  });
}
