import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { defaultCacheDir, isolatedSettings, readManifest, stateFolders, submissionQuery, takeCut, waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { recount } from '@throughline/test-recount';
import type { Sent } from '../campaign.js';
import { PatientPartner } from '../patient-partner.js';
import { recover } from '../recovery.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { partOf, sentInOrder } from './sent-parts.js';
import { mountSmallDisk } from './small-disk.js';
import type { SmallDisk } from './small-disk.js';

const MEGABYTES = 64;
const PEOPLE_PER_TRIAL = 25;
/** Whose disk is filled. */
export const DISKS = ['adapters', 'kafka', 'redis', 'all of them'] as const;
type Part = Exclude<(typeof DISKS)[number], 'all of them'>;

/**
 * Small disks under the adapters' spools, under Kafka and under Redis; one of them, or all, is filled while partners send.
 * Whoever is refused is told why and what to do, no adapter ends, and those with room go on accepting; after space is made
 * every receipt given meanwhile is known, everything comes back by itself, and what was accepted is counted; how long the
 * slowest of them took until then is a count. A trial is one filling.
 *
 * @throws LocalError `MOUNT_REFUSED` where this process may not mount
 */
export async function fullDisk({ trials, seed, onTrial, signal: asked }: DrillOptions): Promise<DrillReport> {
  const over = new AbortController();
  const signal = asked === undefined ? over.signal : AbortSignal.any([over.signal, asked]);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-full-disk-'));
  const disks = new Map<Part, SmallDisk>();
  const anomalies = new Set<string>();
  const counts = { accepted: 0, 'told of a full spool': 0, 'told of figures that wait': 0, 'Kafka ended': 0, 'Redis ended': 0, submissions: 0, cells: 0, 'ms of recovery, the longest': 0 };
  let running: RunningPlatform | undefined;
  try {
    const sample = join(folder, 'sample');
    await writePopulation({ seed, people: Math.max(60, trials * PEOPLE_PER_TRIAL), untidiness: 'untidy', directory: sample });
    const settings = await isolatedSettings(join(folder, 'state'), defaultCacheDir(process.env));
    const folders = stateFolders(settings.stateDir);
    const places: Record<Part, string> = { adapters: dirname(dirname(folders.spool('nhs'))), kafka: folders.kafka, redis: folders.redis };
    for (const [part, path] of Object.entries(places) as [Part, string][]) disks.set(part, await mountSmallDisk(path, MEGABYTES));
    running = await runPlatform({ settings, restart: true });
    const { adapterUrl, lines } = running;
    const outcomesUrl = running.platform.url('outcomes');
    const counted = recount(sample, { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
    const partner = new PatientPartner({ folder: sample, adapterUrl, signal });
    const submissions = await readManifest(sample);
    const sent: Sent[] = [];
    const send = async (batch: readonly SampleSubmission[]): Promise<void> => void sent.push(...(await sentInOrder(partner, batch)));
    const slices = 2 * trials;
    const slice = (at: number): readonly SampleSubmission[] => partOf(submissions, at, slices);
    const fell = (): string[] => lines.filter((line) => /-adapter ended unasked/.test(line));
    const endings = (name: string): number => lines.filter((line) => line.startsWith(`${name} ended unasked`)).length;

    for (let trial = 0; trial < trials; trial += 1) {
      signal.throwIfAborted();
      const full = DISKS[trial % DISKS.length]!;
      const its: readonly Part[] = full === 'all of them' ? ['adapters', 'kafka', 'redis'] : [full];
      const ended = { Kafka: endings('Kafka'), Redis: endings('Redis') };
      await send(slice(2 * trial));
      for (const part of its) await disks.get(part)!.fill();
      const meanwhile = slice(2 * trial + 1);
      // Until each of them has met its full disk: partners go on sending, and somebody looks at the figures.
      const met = new Set<Part>();
      const receipts = new Map<string, string>();
      await waitFor(
        async () => {
          for (const submission of meanwhile) {
            const answer = await answered(await fetchSubmission(sample, adapterUrl, submission, signal));
            if (answer.status === 507 && isClear(answer)) {
              counts['told of a full spool'] += 1;
              met.add('adapters');
            } else if (answer.submissionId !== undefined) {
              counts.accepted += 1;
              receipts.set(answer.submissionId, submission.deployment);
            } else if (answer.status >= 500) anomalies.add(`${full}: a partner was told ${answer.status} ${answer.code ?? 'without a code'}`);
          }
          const figures = await answered(await fetch(`${outcomesUrl}/internal/cells`, { signal }));
          if (figures.status === 503 && isClear(figures)) counts['told of figures that wait'] += 1;
          else if (figures.status !== 200) anomalies.add(`${full}: who asked for figures was told ${figures.status} ${figures.code ?? 'without a code'}`);
          if (endings('Kafka') > ended.Kafka) met.add('kafka');
          if (endings('Redis') > ended.Redis) met.add('redis');
          return its.every((part) => met.has(part)) || undefined;
        },
        { what: `a full disk of ${full} to be met`, timeoutMs: 300_000, everyMs: 100, signal },
      );
      for (const part of its) await disks.get(part)!.makeSpace();
      const free = performance.now();
      // Before the same is sent again, which would give a lost one back.
      for (const [id, deployment] of receipts) {
        const { status } = await answered(await fetch(`${adapterUrl(deployment)}/submissions/${id}`, { signal }));
        if (status !== 200) anomalies.add(`${full}: a receipt given meanwhile is answered ${status}`);
      }
      if (!its.includes('adapters') && receipts.size === 0) anomalies.add(`${full}: no adapter went on accepting`);
      await send(meanwhile);
      await waitFor(() => takeCut(outcomesUrl, { signal }), { what: 'everything to be counted after space was made', timeoutMs: 600_000, everyMs: 250, signal });
      counts['ms of recovery, the longest'] = Math.max(counts['ms of recovery, the longest'], Math.ceil(performance.now() - free));
      counts['Kafka ended'] += endings('Kafka') - ended.Kafka;
      counts['Redis ended'] += endings('Redis') - ended.Redis;
      onTrial?.(trial + 1);
    }
    const { anomalies: found, cells } = await recover({ sent, adapterUrl, outcomesUrl, counted, signal });
    return { trials, anomalies: [...anomalies, ...fell(), ...found.map(({ promise, what }) => `${promise}: ${what}`)], counts: { ...counts, submissions: sent.length, cells } };
  } finally {
    over.abort();
    for (const disk of disks.values()) await disk.makeSpace();
    await running?.stop();
    for (const disk of disks.values()) await disk.unmount();
    await rm(folder, { recursive: true, force: true });
  }
}

async function fetchSubmission(folder: string, adapterUrl: (deployment: string) => string, submission: SampleSubmission, signal: AbortSignal): Promise<Response> {
  const body = new Uint8Array(await readFile(join(folder, submission.file)));
  return fetch(`${adapterUrl(submission.deployment)}/submissions?${submissionQuery(submission)}`, { method: 'POST', headers: { 'content-type': submission.mediaType }, body, signal });
}

interface Answered {
  readonly status: number;
  /** Of a receipt. */
  readonly submissionId: string | undefined;
  readonly code: string | undefined;
  readonly remedy: string | undefined;
}

async function answered(response: Response): Promise<Answered> {
  const text = await response.text();
  const { code, remedy, submissionId } = (text.startsWith('{') ? JSON.parse(text) : {}) as Partial<Answered>;
  return response.status === 202 ? { status: 202, submissionId, code: undefined, remedy: undefined } : { status: response.status, submissionId: undefined, code, remedy };
}

/** Whether it says what is wrong and what to do. */
const isClear = ({ code, remedy }: Answered): boolean => code !== undefined && code !== 'internal' && (remedy ?? '') !== '';
