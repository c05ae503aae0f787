/**
 * Says on the topic of dead letters that a record was published again, so that it is not offered a second time. Written once
 * the record is acknowledged: where the note is lost, the record is published twice, which changes nothing (its key and its
 * revision are the same).
 */
export interface RedriveNote {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  /** As in the dead letter. */
  readonly appendedAt: number;
}

/** The JSON of a note: told from a dead letter by `redriven`, which no dead letter has. */
export const redriveNoteJson = ({ topic, partition, offset, appendedAt }: RedriveNote): Buffer =>
  Buffer.from(JSON.stringify({ redriven: { topic, partition, offset, appendedAt } }));

/** The note that a parsed line of the topic is; null for a dead letter. */
export function readRedriveNote(line: unknown): RedriveNote | null {
  const redriven = (line as { readonly redriven?: RedriveNote } | null)?.redriven;
  return redriven === undefined ? null : redriven;
}
