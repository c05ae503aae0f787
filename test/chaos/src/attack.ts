import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readManifest } from '@throughline/local';
import type { Supervised } from '@throughline/local';
import { partnersByDeployment, runPlatform } from '@throughline/test-journeys';
import { writePopulation } from '@throughline/test-population';
import { recount } from '@throughline/test-recount';
import { planCampaign } from './campaign-plan.js';
import type { PlanOptions } from './campaign-plan.js';
import { runCampaign } from './campaign.js';
import type { LedgerEntry } from './campaign.js';
import { Keeper } from './keeper.js';
import { PatientPartner } from './patient-partner.js';
import { recover } from './recovery.js';
import type { Recovered } from './recovery.js';

export interface AttackOptions extends Pick<PlanOptions, 'seed' | 'faults' | 'twoAtOnce'> {
  readonly people: number;
  /** Told of each step in a sentence. */
  readonly tell: (line: string) => void;
  /** Called after each fault. */
  readonly onFault?: (entry: LedgerEntry, number: number) => void;
  /** Ends it, with everything it started. */
  readonly signal?: AbortSignal;
}

export interface AttackReport extends Recovered {
  readonly ledger: readonly LedgerEntry[];
  /** Some are the same file once more. */
  readonly submissions: number;
  /** How often each process was started again, asked for by a fault or not. */
  readonly starts: ReadonlyMap<string, number>;
  /** From the last fault until nothing was left to do, milliseconds. */
  readonly recoveryMs: number;
}

/**
 * A platform of its own, a population's files sent to it while processes are killed, a recovery window, and the result
 * beside the recount.
 */
export async function attack({ seed, faults, twoAtOnce = 0, people, tell, onFault, signal: asked }: AttackOptions): Promise<AttackReport> {
  const over = new AbortController();
  const signal = asked === undefined ? over.signal : AbortSignal.any([over.signal, asked]);
  const folder = await mkdtemp(join(tmpdir(), 'throughline-chaos-'));
  try {
    const sample = join(folder, 'sample');
    tell(`Inventing ${people} people`);
    await writePopulation({ seed, people, untidiness: 'untidy', directory: sample });
    const submissions = await readManifest(sample);
    tell('Starting the platform');
    const running = await runPlatform({ stateDir: join(folder, 'state') });
    const { platform } = running;
    const supervised = new Map<string, Supervised>([...platform.services, ...[platform.kafka, platform.redis].flatMap((server) => (server === undefined ? [] : [[server.name, server] as const]))]);
    const keeper = new Keeper(supervised, tell);
    try {
      const counted = recount(sample, { partnersByDeployment: await partnersByDeployment(running.stateDir), knowableOnly: true });
      const attempts = { all: 0, unanswered: 0 };
      const partner = new PatientPartner({
        folder: sample,
        adapterUrl: running.adapterUrl,
        onAttempt(_, answered) {
          attempts.all += 1;
          if (!answered) attempts.unanswered += 1;
        },
        signal,
      });
      const ledger: LedgerEntry[] = [];
      const waves = planCampaign({ seed, faults, twoAtOnce, submissions });
      tell(`Sending ${submissions.length} submissions, and killing ${faults} times`);
      const sent = await runCampaign({
        waves,
        keeper,
        partner,
        attempts,
        onFault(entry) {
          ledger.push(entry);
          onFault?.(entry, ledger.length);
        },
      });
      const began = performance.now();
      tell('Waiting until everything is dealt with');
      const recovered = await recover({ sent, adapterUrl: running.adapterUrl, outcomesUrl: platform.url('outcomes'), counted, signal });
      return { ...recovered, ledger, submissions: submissions.length, starts: keeper.starts(), recoveryMs: performance.now() - began };
    } finally {
      // A partner that still waits for somebody who never came back.
      over.abort(new Error('the campaign is over'));
      await keeper.stop();
      await running.stop();
      await keeper.ended();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
