import { waitFor } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { deploymentOf } from './campaign-plan.js';
import type { Fault, Wave } from './campaign-plan.js';
import type { Keeper } from './keeper.js';
import type { PatientPartner } from './patient-partner.js';

/** What was done, and what it did to the partners. */
export interface LedgerEntry {
  readonly targets: readonly string[];
  /** Receipts given before it struck. */
  readonly receiptsBefore: number;
  /** Attempts to send from then until everybody killed could work again, and how many of them nobody answered. */
  readonly attempts: number;
  readonly unanswered: number;
  /** From the kill until everybody killed could work again, milliseconds. */
  readonly awayMs: number;
}

/** A submission and the receipts it got, one for each time it was sent. */
export interface Sent {
  readonly submission: SampleSubmission;
  readonly ids: readonly string[];
  /** Refusals at the door, by status. */
  readonly refusals: readonly number[];
}

export interface CampaignOptions {
  readonly waves: readonly Wave[];
  readonly keeper: Pick<Keeper, 'killAndHold' | 'release'>;
  readonly partner: Pick<PatientPartner, 'send'>;
  /** Counts of attempts so far, as the partner's `onAttempt` was told. */
  readonly attempts: { readonly all: number; readonly unanswered: number };
  /** Called after each fault. */
  readonly onFault: (entry: LedgerEntry) => void;
}

/**
 * Sends wave after wave, every partner beside the others, and strikes once in each. A wave ends when all it sends has a
 * receipt and everybody killed is back; what the platform makes of it meanwhile is nobody's concern here.
 */
export async function runCampaign({ waves, keeper, partner, attempts, onFault }: CampaignOptions): Promise<Sent[]> {
  const sent = new Map<string, { submission: SampleSubmission; ids: string[]; refusals: number[] }>();
  let receipts = 0;
  for (const { fault, byDeployment } of waves) {
    const sending = { done: false };
    const struck = Promise.withResolvers<LedgerEntry>();
    const strike = once(() => {
      faultRun({ fault, keeper, attempts, receipts: () => receipts, sending }).then(struck.resolve, struck.reject);
    });
    const own = deploymentOf(fault);
    let counted = 0;
    const senders = [...byDeployment].map(async ([deployment, submissions]) => {
      for (const submission of submissions) {
        const answer = await partner.send(submission);
        const key = JSON.stringify(submission);
        const known = sent.get(key) ?? { submission, ids: [], refusals: [] };
        sent.set(key, known);
        if (answer.kind === 'receipt') known.ids.push(answer.submissionId);
        else known.refusals.push(answer.status);
        receipts += 1;
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

interface FaultRun extends Pick<CampaignOptions, 'keeper' | 'attempts'> {
  readonly fault: Fault;
  readonly receipts: () => number;
  readonly sending: { readonly done: boolean };
}

async function faultRun({ fault, keeper, attempts, receipts, sending }: FaultRun): Promise<LedgerEntry> {
  const { targets, downFor } = fault;
  const before = { receipts: receipts(), ...attempts };
  const began = performance.now();
  await keeper.killAndHold(targets);
  await waitFor(() => sending.done || attempts.all >= before.all + downFor, { what: `partners to meet the loss of ${targets.join(' and ')}`, timeoutMs: 600_000 });
  await Promise.all(targets.map((target) => keeper.release(target)));
  return {
    targets,
    receiptsBefore: before.receipts,
    attempts: attempts.all - before.all,
    unanswered: attempts.unanswered - before.unanswered,
    awayMs: performance.now() - began,
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
