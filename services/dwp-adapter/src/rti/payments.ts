import type { RtiItem } from './rti-record.js';

/** A payment as an answer states it. */
export interface Payment {
  readonly id: string;
  /** ISO date. */
  readonly date: string;
  /** Pence. */
  readonly amountPence: number;
  readonly item: RtiItem;
}

/** What an answer says of payments. */
export interface PaymentsTold {
  readonly stated: readonly Payment[];
  /** Ids of those it states and of those it says are no longer valid: under no other date does it know of them. */
  readonly ids: readonly string[];
}

/**
 * Of the items about one payment the latest received speaks. One no longer linked to the employment is no payment any more;
 * one without a date or an amount says nothing.
 * @param items by receipt, earliest first.
 */
export function paymentsTold(items: readonly RtiItem[]): PaymentsTold {
  const latest = new Map<string, RtiItem>();
  for (const item of items) if (item.uniquePaymentId !== null) latest.set(item.uniquePaymentId, item);
  const stated: Payment[] = [];
  const ids: string[] = [];
  for (const [id, item] of latest) {
    const { paymentDate, amountPence } = item;
    if (item.noLongerValid) ids.push(id);
    else if (paymentDate !== null && amountPence !== null) {
      ids.push(id);
      stated.push({ id, date: paymentDate, amountPence, item });
    }
  }
  return { stated, ids };
}
