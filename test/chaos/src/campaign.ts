import { setTimeout as pause } from 'node:timers/promises';
import { waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { deploymentOf } from './campaign-plan.js';
import type { Wave } from './campaign-plan.js';
import { strikeText } from './fault.js';
import type { Fault, Strike } from './fault.js';
import type { Nemesis } from './nemesis.js';
import type { PatientPartner } from './patient-partner.js';

/** How long who is paused sleeps, milliseconds: a consumer's session lasts ten seconds, a broker's three. */
const SLEEP_MS = 12_000;

/** What was done, and what it did to the partners. */
export interface LedgerEntry {
  readonly strikes: readonly Strike[];
  /** Receipts given before it struck. */
  readonly receiptsBefore: number;
  /** Attempts to send from then until everybody struck could work again, and how many of them nobody answered. */
  readonly attempts: number;
  readonly unanswered: number;
  /** From the strike until everybody struck could work again, milliseconds. */
  readonly awayMs: number;
}

/** A submission and the receipts it got, one for each time it was sent. */
export interface Sent {
  readonly submission: SampleSubmission;
  readonly ids: readonly string[];
  /** Refusals at the door, by status. */
  readonly refusals: readonly number[];
  /** Its partner has taken it back. */
  readonly takenBack?: boolean;
}

export interface CampaignOptions {
  readonly waves: readonly Wave[];
  readonly nemesis: Pick<Nemesis, 'prepare' | 'strike' | 'relent'>;
  readonly partner: Pick<PatientPartner, 'send' | 'takeBack' | 'attempts'>;
  /** Files that their partner takes back as soon as it has the receipt. Default none. */
  readonly regretted?: ReadonlySet<string>;
  /** Called when a wave begins, with its number from 0: for what else is to happen meanwhile. */
  readonly onWave?: (wave: number) => Promise<void>;
  /** Called after each fault. */
  readonly onFault: (entry: LedgerEntry) => void;
}

/**
 * Sends wave after wave, every partner beside the others, and strikes once in each. A wave ends when all it sends has a
 * receipt and everybody struck is back; what the platform makes of it meanwhile is nobody's concern here.
 */
export async function runCampaign({ waves, nemesis, partner, regretted, onWave, onFault }: CampaignOptions): Promise<Sent[]> {
  const sent = new Map<string, { submission: SampleSubmission; ids: string[]; refusals: number[]; takenBack: boolean }>();
  let receipts = 0;
  for (const [wave, { fault, byDeployment }] of waves.entries()) {
    await onWave?.(wave);
    const sending = { done: false };
    const struck = Promise.withResolvers<LedgerEntry>();
    const strike = once(() => {
      faultRun({ fault, nemesis, partner, receipts: () => receipts, sending }).then(struck.resolve, struck.reject);
    });
    const own = deploymentOf(fault);
    let counted = 0;
    const senders = [...byDeployment].map(async ([deployment, submissions]) => {
      for (const submission of submissions) {
        const answer = await partner.send(submission);
        const key = JSON.stringify(submission);
        const known = sent.get(key) ?? { submission, ids: [], refusals: [], takenBack: regretted?.has(submission.file) === true };
        sent.set(key, known);
        if (answer.kind === 'receipt') known.ids.push(answer.submissionId);
        else known.refusals.push(answer.status);
        receipts += 1;
        if (known.takenBack && answer.kind === 'receipt') await partner.takeBack(submission, answer.submissionId);
        if (own !== undefined && own !== deployment) continue;
        counted += 1;
        if (counted >= fault.atReceipt) strike();
      }
    });
    // Whoever cannot be killed or brought back ends the campaign: those who wait for it would wait for ever.
    await Promise.race([Promise.all(senders), struck.promise.then(() => Promise.all(senders))]);
    sending.done = true;
    strike();
    onFault(await struck.promise);
  }
  return [...sent.values()];
}

interface FaultRun extends Pick<CampaignOptions, 'nemesis' | 'partner'> {
  readonly fault: Fault;
  readonly receipts: () => number;
  readonly sending: { readonly done: boolean };
}

async function faultRun({ fault, nemesis, partner: { attempts }, receipts, sending }: FaultRun): Promise<LedgerEntry> {
  const { strikes, downFor } = fault;
  await nemesis.prepare(strikes);
  const before = { receipts: receipts(), at: performance.now(), ...attempts };
  await nemesis.strike(strikes);
  const met = (): boolean => sending.done || attempts.all >= before.all + downFor;
  // Each by itself: one who sleeps may be whom the partners wait for that are to meet the other's loss.
  await Promise.all(
    strikes.map(async (strike) => {
      if (strike.harm === 'paused') await pause(SLEEP_MS);
      else await waitFor(met, { what: `partners to meet ${strikeText(strike)}`, timeoutMs: 600_000 });
      await nemesis.relent(strike);
    }),
  );
  return {
    strikes,
    receiptsBefore: before.receipts,
    attempts: attempts.all - before.all,
    unanswered: attempts.unanswered - before.unanswered,
    awayMs: performance.now() - before.at,
  };
}

/** Runs at the first call only. */
function once(run: () => void): () => void {
  let ran = false;
  return () => {
    if (!ran) run();
    ran = true;
  };
}
