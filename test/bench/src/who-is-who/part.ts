import { defaultCacheDir, startRedis } from '@throughline/servers';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartOptions } from '../parts/part.js';
import { CONTENDER_CORE, startContender } from '../process/contender.js';
import { pin } from '../process/machine.js';
import type { Section } from '../report/section.js';
import { linkIndexSections } from './link-index-section.js';
import type { IndexSize } from './link-index-section.js';

const SIZES = [10_000, 100_000, 1_000_000];
const QUICK_SIZES = [2_000, 10_000];

/** How far one link index reaches: it lives on one node. */
export async function whoIsWhoPart({ root, quick, progress }: PartOptions): Promise<Section[]> {
  const wanted = quick ? QUICK_SIZES : SIZES;
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-links-'));
  try {
    const redis = await startRedis({ parts: { cacheDir: defaultCacheDir(process.env), env: process.env, progress }, dataDir: folder });
    try {
      pin(redis.pid, CONTENDER_CORE);
      const task = progress.start('Linking subjects', wanted.at(-1)!, 'subjects');
      const { child, said } = await startContender(root, 'test/bench/src/who-is-who/linking-run.ts', [redis.url, String(redis.pid), wanted.join(',')]);
      const sizes: IndexSize[] = [];
      for (const size of wanted) {
        sizes.push((await said((word) => word['event'] === 'size' && word['size'] === size)) as unknown as IndexSize);
        task.update(size);
      }
      await child.exited;
      task.finish();
      return linkIndexSections(sizes);
    } finally {
      await redis.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
