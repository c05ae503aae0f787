import { decodeEvent } from '@throughline/event-contracts';
import { readFileSync } from 'node:fs';

/** A word about a fact, as both peers on Redis keep it. */
export interface CountedFact {
  readonly subject: string;
  readonly fact: string;
  /** Instant, sequence and content hash: the later one of a fact is the greater text. */
  readonly revision: string;
  /** What is counted of it: `metric|YYYY-MM|what tells it from others`. Null: nothing. */
  readonly item: string | null;
}

const monthOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 7);

/** @param value a framed event */
export function countedFact(value: Buffer): CountedFact {
  const { type, value: event } = decodeEvent(value);
  const { meta } = event;
  const { instant, sequence } = meta.revision;
  const fact = meta.factId.toString('hex');
  const day = meta.change === 'STATED' ? meta.occurredOn?.date : undefined;
  let item: string | null = null;
  if (day !== undefined) {
    if (type === 'SupportStarted') item = `support_starts|${monthOf(day)}|${meta.programme ?? ''}`;
    else if (type === 'ReferralMade' && event.status !== 'REVOKED' && event.status !== 'DRAFT') item = `referrals|${monthOf(day)}|${fact}`;
    else if (type === 'LearningStatusChanged' && event.status === 'STARTED') {
      const start = event.startDate ?? day;
      item = `learning_starts|${monthOf(start)}|${event.aim ?? ''} ${start}`;
    }
  }
  return {
    subject: meta.subject.toString('hex'),
    fact,
    revision: `${String(instant).padStart(15, '0')}.${String(sequence).padStart(10, '0')}.${meta.contentHash.toString('hex')}`,
    item,
  };
}

/** How often a participant counts in each cell, from what its subjects tell: what several tell counts once. */
export function cellsOf(items: Iterable<string>): Map<string, number> {
  const cells = new Map<string, number>();
  for (const item of new Set(items)) {
    const cell = item.slice(0, item.lastIndexOf('|'));
    cells.set(cell, (cells.get(cell) ?? 0) + 1);
  }
  return cells;
}

/** Who is who, as everybody is given it. */
export interface KnownLinks {
  readonly participantOf: ReadonlyMap<string, string>;
  readonly subjectsOf: ReadonlyMap<string, readonly string[]>;
}

/** @param path of a file of subject and participant, 16 bytes each */
export function readLinks(path: string): KnownLinks {
  const file = readFileSync(path);
  const participantOf = new Map<string, string>();
  const subjectsOf = new Map<string, string[]>();
  for (let at = 0; at < file.length; at += 32) {
    const subject = file.toString('hex', at, at + 16);
    const participant = file.toString('hex', at + 16, at + 32);
    participantOf.set(subject, participant);
    subjectsOf.set(participant, [...(subjectsOf.get(participant) ?? []), subject]);
  }
  return { participantOf, subjectsOf };
}
