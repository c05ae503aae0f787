import { takeCut, waitFor } from '@throughline/local';
import { exactCells } from '@throughline/test-journeys';
import { compareCells } from '@throughline/test-recount';
import type { CellDifference, Recount } from '@throughline/test-recount';
import type { Sent } from './campaign.js';

/** Something that is not as it must be after the recovery window. */
export interface Anomaly {
  /** Which promise is broken. */
  readonly promise: 'receipt' | 'same receipt' | 'refusal' | 'fates' | 'cells' | 'decisions';
  readonly what: string;
}

interface SubmissionView {
  readonly state: string;
  readonly counts: { readonly received: number; readonly published: number; readonly skipped: number; readonly refused: number } | null;
}

const SETTLED = ['published', 'refused', 'rejected', 'superseded', 'withdrawn', 'held'];

export interface RecoveryOptions {
  readonly sent: readonly Sent[];
  readonly adapterUrl: (deployment: string) => string;
  readonly outcomesUrl: string;
  readonly counted: Pick<Recount, 'knowable' | 'fates'>;
  readonly signal: AbortSignal;
}

export interface Recovered {
  readonly anomalies: readonly Anomaly[];
  readonly differences: readonly CellDifference[];
  readonly cells: number;
  readonly states: ReadonlyMap<string, number>;
}

/** Waits until the platform has dealt with everything by itself, then lays all it shows beside the recount. */
export async function recover({ sent, adapterUrl, outcomesUrl, counted, signal }: RecoveryOptions): Promise<Recovered> {
  const anomalies: Anomaly[] = [];
  const states = new Map<string, number>();
  for (const { submission, ids, refusals, takenBack = false } of sent) {
    const { file, deployment, refusedWhole } = submission;
    if (new Set(ids).size + new Set(refusals).size !== 1) anomalies.push({ promise: 'same receipt', what: `${file}: ${ids.length} receipts and ${refusals.length} refusals that are not all the same` });
    if (refusals.length > 0 && !refusedWhole) anomalies.push({ promise: 'refusal', what: `${file} was refused at the door with ${refusals.join(', ')}` });
    const [id] = ids;
    const view = id === undefined ? undefined : await settled(`${adapterUrl(deployment)}/submissions/${id}`, file, takenBack, signal);
    if (id !== undefined && view === undefined) anomalies.push({ promise: 'receipt', what: `${file} had a receipt that nobody knows any more` });
    const state = view?.state ?? 'refused';
    states.set(state, (states.get(state) ?? 0) + 1);
    if (takenBack) {
      if (state !== 'withdrawn') anomalies.push({ promise: 'fates', what: `${file}: is ${state}, was taken back` });
    } else if (view !== undefined) anomalies.push(...wrongFates(file, view, counted.fates.get(file)));
  }
  // A cut is only taken once all that Kafka holds is counted and no mark is left.
  await waitFor(() => takeCut(outcomesUrl, { signal }), { what: 'the backlog to be gone', timeoutMs: 900_000, everyMs: 250, signal });
  const differences = compareCells(await exactCells(outcomesUrl), counted.knowable);
  anomalies.push(...differences.map(cellAnomaly));
  return { anomalies, differences, cells: counted.knowable.size, states };
}

export const cellAnomaly = ({ cell, shown, knowable }: CellDifference): Anomaly => ({ promise: 'cells', what: `${cell}: shown ${shown}, knowable ${knowable}` });

/** Undefined where the adapter has never heard of it. */
async function settled(url: string, file: string, takenBack: boolean, signal: AbortSignal): Promise<SubmissionView | undefined> {
  const found = await waitFor(
    async () => {
      const response = await fetch(url, { signal });
      if (response.status === 404) return { view: undefined };
      const view = (await response.json()) as SubmissionView;
      // One that was taken back is published first.
      return SETTLED.includes(view.state) && !(takenBack && view.state === 'published') ? { view } : undefined;
    },
    { what: `${file} to be dealt with`, timeoutMs: 900_000, everyMs: 50, signal },
  );
  return found.view;
}

function wrongFates(file: string, { state, counts }: SubmissionView, expected: { readonly published: number; readonly skipped: number; readonly refused: number } | null | undefined): Anomaly[] {
  if (expected === undefined) return [];
  const wrong = (what: string): Anomaly[] => [{ promise: 'fates', what: `${file}: ${what}` }];
  if (expected === null) return state === 'refused' ? [] : wrong(`is ${state}, was to be refused whole`);
  if (state !== 'published' || counts === null) return wrong(`is ${state}, was to be published`);
  const { received, published, skipped, refused } = counts;
  if (received !== published + skipped + refused) return wrong(`${received} received, ${published} published, ${skipped} skipped, ${refused} refused`);
  const told = expected.published + expected.skipped + expected.refused;
  return received === told && refused === expected.refused ? [] : wrong(`${refused} of ${received} records refused, was to be ${expected.refused} of ${told}`);
}
