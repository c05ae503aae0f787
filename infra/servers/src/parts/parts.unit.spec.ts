import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentProgress } from '../progress.js';
import { cachedFolder, defaultCacheDir } from './cache.js';
import { findJava, javaMajorVersion } from './java.js';
import { findJars } from './maven-jars.js';
import { lockedPart, verifyFile } from './parts-lock.js';
import { findRedisServer } from './redis-command.js';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'throughline-parts-'));
});
afterEach(() => rm(folder, { recursive: true }));

test.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_402"', 8],
  ['openjdk version "25" 2025-09-16', 25],
  ['command not found', undefined],
])('%s is Java %s', (output, version) => {
  expect(javaMajorVersion(output)).toBe(version);
});

test('a fetched file is used only if it is the listed one', async () => {
  const part = { requirement: 'thing==1', files: { 'thing.whl': { sha256: createHash('sha256').update('good').digest('hex'), bytes: 4 } } };
  const file = join(folder, 'thing.whl');
  await writeFile(file, 'good');
  await verifyFile(file, part);
  await writeFile(file, 'evil');
  await expect(verifyFile(file, part)).rejects.toMatchObject({ code: 'PART_ALTERED' });
  await writeFile(join(folder, 'other.whl'), 'good');
  await expect(verifyFile(join(folder, 'other.whl'), part)).rejects.toMatchObject({ code: 'PART_ALTERED' });
});

test('every listed file has a whole digest and a size', () => {
  for (const name of ['java', 'kafka', 'kafka-streams', 'valkey'] as const) {
    const files = Object.values(lockedPart(name).files);
    expect(files.length).toBeGreaterThan(3);
    for (const { sha256, bytes } of files) {
      expect(sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(bytes).toBeGreaterThan(0);
    }
  }
});

test.each([
  ['kafka', '../../../kafka/pom.xml'],
  ['kafka-streams', '../../../../test/bench/src/peers/kafka-streams/pom.xml'],
] as const)('the version of %s asked of Maven is that of the list', async (name, file) => {
  const pom = await readFile(new URL(file, import.meta.url), 'utf8');
  expect(pom).toContain(`<version>${lockedPart(name).requirement.split(':').at(-1) ?? ''}</version>`);
});

test('a folder of the cache is made once, by whoever comes first', async () => {
  let made = 0;
  const make = async (empty: string): Promise<void> => {
    made += 1;
    await writeFile(join(empty, 'content'), 'x');
  };
  const [first, second] = await Promise.all([cachedFolder(folder, 'thing-1', make), cachedFolder(folder, 'thing-1', make)]);
  expect(first).toBe(second);
  expect(made).toBe(1);
  expect(await readdir(folder)).toEqual(['thing-1']);
});

test('a folder whose making failed is not there, and is tried again', async () => {
  await expect(cachedFolder(folder, 'thing-1', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
  expect(await readdir(folder)).toEqual([]);
  await cachedFolder(folder, 'thing-1', () => Promise.resolve());
  expect(await readdir(folder)).toEqual(['thing-1']);
});

test('the lock of a process that is gone is taken over', async () => {
  await writeFile(join(folder, 'thing-1.lock'), '999999999');
  await cachedFolder(folder, 'thing-1', () => Promise.resolve());
  expect(await readdir(folder)).toEqual(['thing-1']);
});

test('the cache is where the system says', () => {
  expect(defaultCacheDir({ XDG_CACHE_HOME: '/cache' })).toBe('/cache/throughline');
  expect(defaultCacheDir({ XDG_CACHE_HOME: '' })).toMatch(/\.cache\/throughline$/);
});

describe('what is missing and cannot be fetched is said in one sentence with the ways to get it', () => {
  const nothing = () => ({ cacheDir: folder, env: { PATH: folder }, progress: silentProgress });

  test('Java', async () => {
    await expect(findJava(nothing())).rejects.toMatchObject({
      code: 'JAVA_MISSING',
      message: expect.stringMatching(/there is none on the PATH.*no pip.*KAFKA_BROKERS.*docker compose up/) as string,
    });
  });

  test('Kafka', async () => {
    await expect(findJars('kafka', { command: 'java', home: undefined }, nothing())).rejects.toMatchObject({
      code: 'KAFKA_MISSING',
      message: expect.stringMatching(/no mvn on the PATH.*Maven.*KAFKA_BROKERS.*docker compose up/) as string,
    });
  });

  test('Redis', async () => {
    await expect(findRedisServer(nothing())).rejects.toMatchObject({
      code: 'REDIS_MISSING',
      message: expect.stringMatching(/no pip.*REDIS_URL.*docker compose up/) as string,
    });
  });
});
