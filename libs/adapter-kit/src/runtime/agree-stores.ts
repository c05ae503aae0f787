import { createHash } from 'node:crypto';
import type { ReferenceHasher } from '@throughline/identity';
import type { AdapterDeclaration } from '../adapter-declaration.js';
import { parseLabel } from '../intake/payload-label.js';
import type { Receipts, StoredReceipt } from '../intake/receipts.js';
import { canonicalParameters } from '../intake/submission-request.js';
import type { Ledger } from '../ledger/ledger.js';
import { ENDED_STATES } from '../ledger/submission-state.js';
import { SpoolDamaged } from '../spool/frame-cipher.js';
import type { SpoolFolder } from '../spool/spool-folder.js';
import type { AdapterWatch } from './adapter-watch.js';

export interface Stores {
  readonly adapter: AdapterDeclaration;
  readonly spool: SpoolFolder;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly hasher: ReferenceHasher;
  readonly watch: AdapterWatch;
}

interface RemadeReceipt {
  readonly receipt: StoredReceipt;
  readonly ledgerMark: number;
}

/**
 * Makes the stores of one folder agree before anything is accepted, whichever of them is missing or older than the others,
 * and tells what was amiss. A payload without a receipt gets it from its own label; a ledger behind what the receipts or a
 * payload saw of it is not complete any more. Rules: decision 0008.
 */
export const agreeStores = async (stores: Stores): Promise<void> => {
  const { spool, receipts, ledger, watch } = stores;
  const { remade, unknown } = await remakeReceipts(stores);
  if (remade.length > 0) watch.amiss({ code: 'receipts-remade', count: remade.length, remedy: 'Nothing has to be done: these payloads had no receipt and were given theirs again.' });
  if (unknown > 0) {
    watch.amiss({ code: 'payloads-unknown', count: unknown, remedy: 'They have no receipt, cannot be read and are kept: put back the receipts or the key, or move them away once partners have sent again what they have no answer for.' });
  }

  const seen = Math.max(receipts.ledger?.mark ?? 0, ...remade.map(({ ledgerMark }) => ledgerMark));
  const missing = ledger.holdTo(seen);
  if (ledger.replaced || missing > 0) {
    watch.amiss({ code: ledger.replaced ? 'ledger-lost' : 'ledger-older', count: missing, remedy: 'Snapshots are held: restore the ledger from its export (LEDGER_EXPORT_FILE), or look at each and confirm it.' });
  }
  receipts.noteLedger(ledger);

  let unreceipted = 0;
  for (const submission of ledger.submissions()) if (receipts.find(submission) === undefined) unreceipted += 1;
  if (unreceipted > 0) {
    watch.amiss({ code: 'receipts-missing', count: unreceipted, remedy: 'These submissions are in the ledger, but their receipts and payloads are gone: nothing of them is lost, and whoever sends one again gets its receipt.' });
  }
  // Where the ledger was lost, an outbox tells that not all of its submission was sent.
  await spool.sweep((submission) => !ENDED_STATES.includes(ledger.job(submission)?.state ?? 'received'));
};

/** In the order of their arrival. */
const remakeReceipts = async (stores: Stores): Promise<{ readonly remade: readonly RemadeReceipt[]; readonly unknown: number }> => {
  const { spool, receipts } = stores;
  const remade: RemadeReceipt[] = [];
  let unknown = 0;
  for (const submission of await spool.payloads()) {
    if (receipts.find(submission) !== undefined) continue;
    const receipt = await receiptOf(submission, stores);
    if (receipt === null) unknown += 1;
    else remade.push(receipt);
  }
  remade.sort((left, right) => left.receipt.receivedAt.getTime() - right.receipt.receivedAt.getTime());
  for (const { receipt } of remade) receipts.add(receipt);
  return { remade, unknown };
};

/** The receipt a payload was or would have been given; null where it cannot be opened or is not what its name says. */
const receiptOf = async (submission: string, { spool, hasher, adapter }: Stores): Promise<RemadeReceipt | null> => {
  try {
    const label = parseLabel(await spool.payloadLabel(submission));
    if (label === null || !adapter.feeds.some(({ id }) => id === label.feed)) return null;
    const digest = createHash('sha256');
    let bytes = 0;
    for await (const chunk of spool.readPayload(submission)) {
      digest.update(chunk);
      bytes += chunk.length;
    }
    const { feed, format, parameters, receivedAt, ledgerMark } = label;
    if (hasher.submissionId(feed, digest.digest(), canonicalParameters(label)).toString('hex') !== submission) return null;
    return { receipt: { submission, feed, format, parameters, bytes, receivedAt }, ledgerMark };
  } catch (error) {
    if (error instanceof SpoolDamaged) return null;
    throw error;
  }
};
