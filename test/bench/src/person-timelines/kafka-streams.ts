import { defaultCacheDir, findJars, findJava, runTool, silentProgress } from '@throughline/servers';
import { mkdtemp, readdir } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { delimiter, join } from 'node:path';
import { saying, startProgram } from '../process/contender.js';
import type { TimelineContender } from './timeline-contender.js';

const SOURCES = 'test/bench/src/peers/kafka-streams/java';
const MAIN = 'throughline.peer.Peer';

/** How a form of the peer is named to it. */
type Form = 'rocksdb' | 'in-memory' | 'tuned' | 'whole-timelines';

interface Built {
  readonly java: string;
  readonly classPath: string;
}

/** One build for each folder of a bench: its sources may change between two. */
const builds = new Map<string, Promise<Built>>();

/**
 * Fetches the library and compiles the peer, once.
 * @throws LocalError where Java or the library cannot be had
 */
async function build(root: string, folder: string): Promise<Built> {
  const parts = { cacheDir: defaultCacheDir(process.env), env: process.env, progress: silentProgress };
  const java = await findJava(parts);
  const jars = await findJars('kafka-streams', java, parts);
  const libraries = (await readdir(jars)).filter((file) => file.endsWith('.jar')).map((file) => join(jars, file));
  const classes = await mkdtemp(join(folder, 'streams-classes-'));
  const compiler = ['org.eclipse.jdt.internal.compiler.batch.Main', '-17', '-proc:none', '-nowarn', '-cp', libraries.join(delimiter), '-d', classes, join(root, SOURCES)];
  const { code, output } = await runTool(java.command, ['-cp', libraries.find((file) => /\becj-/.test(file))!, ...compiler], process.env);
  if (code !== 0) throw new Error(`The Kafka Streams peer does not compile:\n${output}`);
  return { java: java.command, classPath: [classes, ...libraries].join(delimiter) };
}

/** A quarter of the machine, most of it for what is young: nearly all that is made for an event is gone with it. */
const heapMb = Math.min(6_144, Math.floor(totalmem() / 2 ** 22));
const TUNED = [`-Xms${heapMb}m`, `-Xmx${heapMb}m`, `-Xmn${Math.floor((heapMb * 2) / 3)}m`, '-XX:+UseSerialGC'];
const FLAGS: Readonly<Record<Form, readonly string[]>> = { rocksdb: [], 'in-memory': [], tuned: TUNED, 'whole-timelines': TUNED };

/** What a run calls itself at the broker; its consumer group has the same name. */
export const applicationOf = (id: string): string => `streams-${id}`;

/** Kafka Streams, exactly once, commits every 100 ms, one thread: subjects’ timelines → participants → counts. */
export const kafkaStreams = (form: Form, contender: Pick<TimelineContender, 'name' | 'role' | 'targets' | 'once'>): TimelineContender => ({
  ...contender,
  shortLog: false,
  async prepare({ root, servers }) {
    if (!builds.has(servers.folder)) builds.set(servers.folder, build(root, servers.folder));
    await builds.get(servers.folder);
  },
  async start({ root, servers, log, id }) {
    const { java, classPath } = await (builds.get(servers.folder) ?? build(root, servers.folder));
    const state = await mkdtemp(join(servers.folder, 'streams-state-'));
    const flags = [...FLAGS[form], '-Dorg.slf4j.simpleLogger.defaultLogLevel=error', '-cp', classPath, MAIN];
    const words = [log.brokers, applicationOf(id), String(log.records), String(log.workload.partitions), log.topics.join(','), log.linksFile, state, form];
    const began = performance.now();
    const { child, said } = await startProgram(MAIN, java, [...flags, ...words]);
    const done = said(saying('done'));
    return {
      processes: { streams: child.pid },
      half: said(saying('half')),
      done,
      cells: async () => new Map(Object.entries((await done)['cells'] as Record<string, number>)),
      readyAfter: said(saying('running')).then(() => (performance.now() - began) / 1_000),
      // It closes and takes its topics with it.
      stop: () => child.stop(60_000),
    };
  },
});
