import { epochDayToIsoDate } from '@throughline/event-contracts';
import type { DatePrecision, DecodedEvent, EventMeta } from '@throughline/event-contracts';
import { daysOf } from './coverage.js';
import type { DayInterval } from './coverage.js';
import { UNKNOWN_SCOPE } from './ledger-entry.js';
import type { LedgerEntry } from './ledger-entry.js';

/**
 * First entry of an export that was made from the log: whose topics were read, and when.
 * @param at no word published later need be in it.
 */
export const logEntry = (deployment: string, at: Date): LedgerEntry => ({ table: 'log', row: { deployment, at: at.getTime() } });

const hex = (id: Buffer): { readonly hex: string } => ({ hex: id.toString('hex') });

/**
 * The ledger's word for an event of the adapter's own topics. Of a fact's words the ledger keeps the greatest, so all may
 * be given, in any order.
 */
export function ledgerEntryOf({ type, value: { meta } }: DecodedEvent): LedgerEntry {
  const days = meta.place?.days ?? occurredDays(meta.occurredOn);
  return {
    table: 'word',
    row: {
      fact: hex(meta.factId),
      scope: hex(meta.place?.scope ?? UNKNOWN_SCOPE),
      subject: hex(meta.subject),
      type,
      first_day: days?.first ?? null,
      last_day: days?.last ?? null,
      family: meta.place?.family ?? null,
      instant: meta.revision.instant,
      sequence: meta.revision.sequence,
      hash: hex(meta.contentHash),
      stated: meta.change === 'STATED' ? 1 : 0,
      submission: hex(meta.source.submission),
    },
  };
}

/** Whether such a word says to which scope its fact belongs. */
export const isPlaced = ({ row }: LedgerEntry): boolean => (row['scope'] as { readonly hex: string }).hex !== UNKNOWN_SCOPE.toString('hex');

/** Of an ISO date that is exact to so much. */
const LENGTHS: Readonly<Record<DatePrecision, number>> = { UNKNOWN: 10, DAY: 10, MONTH: 7, YEAR: 4 };

function occurredDays(occurredOn: EventMeta['occurredOn']): DayInterval | null {
  return occurredOn === null ? null : daysOf(epochDayToIsoDate(occurredOn.date).slice(0, LENGTHS[occurredOn.precision]));
}
