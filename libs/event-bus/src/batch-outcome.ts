import { Reposition } from './bus-error.js';
import type { BatchContext, ConsumedBatch } from './consumed-batch.js';

/** What a handler made of a batch: it is in the store, the store stands elsewhere, or something failed that may pass. */
export type Outcome = { readonly kind: 'stored' } | { readonly kind: 'reposition' } | { readonly kind: 'failed'; readonly error: unknown };

/** Calls the handler; never rejects. A {@link Reposition} counts the same returned and thrown. */
export async function outcomeOf(
  onBatch: (batch: ConsumedBatch, context: BatchContext) => Promise<Reposition | void>,
  batch: ConsumedBatch,
  context: BatchContext,
): Promise<Outcome> {
  try {
    return { kind: (await onBatch(batch, context)) instanceof Reposition ? 'reposition' : 'stored' };
  } catch (error) {
    return error instanceof Reposition ? { kind: 'reposition' } : { kind: 'failed', error };
  }
}
