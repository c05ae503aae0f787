import type { writing } from './ledger-statements.js';

/** Called between slices of long work, so that requests get their turn. */
export type Breathe = () => Promise<void>;

const WORDS_AT_ONCE = 5_000;

/** Takes a run's draft into the ledger, within the transaction that its caller has open. */
export async function mergeDraft(sql: ReturnType<typeof writing>, breathe: Breathe): Promise<void> {
  for (const section of sql.draftSections.all() as unknown as { id: number }[]) {
    const { lastInsertRowid } = sql.mergeSection.run(section.id);
    sql.mergeRefusals.run(lastInsertRowid, section.id);
    sql.mergeReadings.run(lastInsertRowid, section.id);
  }
  let after: Uint8Array | undefined = Buffer.alloc(1);
  while (after !== undefined) {
    const bound = sql.sliceOfWords.get(after, WORDS_AT_ONCE) as { last: Uint8Array | null } | undefined;
    const last: Uint8Array | undefined = bound?.last ?? undefined;
    if (last !== undefined) sql.mergeWords.run(after, last);
    after = last;
    await breathe();
  }
}
