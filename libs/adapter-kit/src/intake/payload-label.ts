import { z } from 'zod';
import type { PayloadFormat, SubmissionParameters } from '../adapter-declaration.js';

/**
 * What a spooled payload says of itself, in the clear at its beginning: enough to make its receipt again. No more than the
 * receipts hold in the clear too.
 */
export interface PayloadLabel {
  readonly feed: string;
  readonly format: PayloadFormat;
  readonly parameters: SubmissionParameters;
  /** When it began to arrive. */
  readonly receivedAt: Date;
  /** How far the ledger was then: one that is less far is an older one. */
  readonly ledgerMark: number;
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const schema = z.object({
  feed: z.string(),
  format: z.enum(['xml', 'csv', 'json', 'ndjson']),
  parameters: z.object({ asOf: instant.nullable(), programme: z.string().nullable(), fullExtract: z.boolean(), part: z.string().nullable() }),
  receivedAt: instant,
  ledgerMark: z.number().int().min(0),
});

/** As it came out of a file. Null: it is none. */
export const parseLabel = (value: unknown): PayloadLabel | null => schema.safeParse(value).data ?? null;
