import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest, SERVICES } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import type { RunningPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { recount } from '@throughline/test-recount';
import type { Sent } from '../campaign.js';
import { PatientPartner } from '../patient-partner.js';
import { recover } from '../recovery.js';
import { startAnother } from './another-process.js';
import type { AnotherProcess } from './another-process.js';
import type { DrillOptions, DrillReport } from './drill.js';
import { partOf, sentOnce } from './sent-parts.js';

const PEOPLE_PER_TRIAL = 30;
const LEAST_PEOPLE = 90;

/**
 * While partners send, every service is replaced by another process of it, one service after the other: linkage and outcomes
 * by one that shares the work before the first is asked to end, an adapter, whose spool is one process's, by one that comes
 * after it. Each is asked to end once receipts have been given, with work in hand, and must end in order and at once, partners only have to try again, and at the end every file has
 * its fate and the cells are the recount's.
 *
 * A trial is a round over all services.
 */
export async function rollingUpgrade({ trials, seed, onTrial, signal: asked }: DrillOptions): Promise<DrillReport> {
  const over = new AbortController();
  const signal = asked === undefined ? over.signal : AbortSignal.any([over.signal, asked]);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-upgrade-'));
  const fleet = new Map<string, AnotherProcess>();
  const anomalies: string[] = [];
  let running: RunningPlatform | undefined;
  try {
    const sample = join(folder, 'sample');
    await writePopulation({ seed, people: Math.max(LEAST_PEOPLE, trials * PEOPLE_PER_TRIAL), untidiness: 'untidy', directory: sample });
    // Servers, topics and keys; the services are this drill's own.
    running = await runPlatform({ stateDir: join(folder, 'state'), services: [] });
    for (const { name } of SERVICES) fleet.set(name, await startAnother(running, name, signal));
    const counted = recount(sample, { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
    const adapterUrl = (deployment: string): string => fleet.get(SERVICES.find(({ adapter }) => adapter?.deployment === deployment)!.name)!.url;
    const partner = new PatientPartner({ folder: sample, adapterUrl, signal });
    const submissions = await readManifest(sample);
    const steps = trials * SERVICES.length;
    const sent: Sent[] = [];
    let replaced = 0;
    for (let trial = 0; trial < trials; trial += 1) {
      for (const [index, { name }] of SERVICES.entries()) {
        const step = trial * SERVICES.length + index;
        const part = partOf(submissions, step, steps);
        const deployment = SERVICES[index]?.adapter?.deployment;
        // An adapter's spool is one process's.
        const next = deployment === undefined ? await startAnother(running, name, signal) : undefined;
        const received = Promise.withResolvers<undefined>();
        const concerned = part.some((each) => each.deployment === deployment) ? deployment : undefined;
        const sending = sendAll(partner, part, (to) => (concerned ?? to) === to && received.resolve(undefined));
        // So that whoever is asked to end has work in hand.
        await Promise.race([received.promise, sending]);
        anomalies.push(...(await replace(running, fleet, name, next, signal)).map((what) => `round ${trial + 1}: ${what}`));
        replaced += 1;
        sent.push(...(await sending));
      }
      onTrial?.(trial + 1);
    }
    const { anomalies: found, cells } = await recover({ sent, adapterUrl, outcomesUrl: fleet.get('outcomes')!.url, counted, signal });
    anomalies.push(...found.map(({ promise, what }) => `${promise}: ${what}`));
    return { trials, anomalies, counts: { replaced, submissions: sent.length, cells, attempts: partner.attempts.all, 'attempts nobody answered': partner.attempts.unanswered } };
  } finally {
    over.abort(new Error('the drill is over'));
    for (const { name } of [...SERVICES].reverse()) await fleet.get(name)?.stop();
    await running?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each partner beside the others, in order. @param onReceipt told whose submission has a receipt */
async function sendAll(partner: PatientPartner, submissions: readonly SampleSubmission[], onReceipt: (deployment: string) => void): Promise<Sent[]> {
  const deployments = [...new Set(submissions.map(({ deployment }) => deployment))];
  const sent = deployments.map(async (deployment) => {
    const own: Sent[] = [];
    for (const submission of submissions.filter((each) => each.deployment === deployment)) {
      const answer = await partner.send(submission);
      if (answer.kind === 'receipt') onReceipt(deployment);
      own.push(sentOnce(submission, answer));
    }
    return own;
  });
  return (await Promise.all(sent)).flat();
}

/** @param next already ready beside it; undefined: started after it. @returns what was not in order about the end of the one that was replaced */
async function replace(running: RunningPlatform, fleet: Map<string, AnotherProcess>, name: string, next: AnotherProcess | undefined, signal: AbortSignal): Promise<string[]> {
  const before = fleet.get(name)!;
  const { code, signal: by } = await before.stop();
  fleet.set(name, next ?? (await startAnother(running, name, signal)));
  return code === 0 ? [] : [`${name} ended with ${by ?? `code ${code}`} when it was asked to end`];
}
