import { AIMS, PROGRAMMES, subjectPlacesOf } from './workload.js';
import type { Workload } from './workload.js';
import { wordAt } from './words.js';
import type { Word } from './words.js';

/**
 * The three figures that every contender keeps, exact after every event. A cell is `metric|YYYY-MM`. Of each fact of a subject the word with
 * the greatest (instant, sequence, content hash) counts, if it states the fact; over all subjects of a participant
 * - `referrals`: each referral that is neither revoked nor a draft, in the month it was made;
 * - `support_starts`: each programme and month in which support started, once, whoever tells of it;
 * - `learning_starts`: each learning aim and start date, once, whoever tells of it, in the month of the start.
 *
 * These are the platform's own metrics of those names, summed over what else its cells tell apart.
 */
export function expectedCells(workload: Workload): Map<string, number> {
  const cells = new Map<string, number>();
  for (let participant = 0; participant < workload.participants; participant += 1) {
    const counted = new Set<string>();
    for (const subject of subjectPlacesOf(participant)) {
      for (const { type, day, revoked, programme, aim, fact } of inForce(workload, subject)) {
        const month = new Date(day * 86_400_000).toISOString().slice(0, 7);
        if (type === 'SupportStarted') counted.add(`support_starts|${month}|${PROGRAMMES[programme]!}`);
        else if (type === 'LearningStatusChanged') counted.add(`learning_starts|${month}|${AIMS[aim]!} ${day}`);
        else if (!revoked) counted.add(`referrals|${month}|${subject} ${fact}`);
      }
    }
    for (const each of counted) {
      const cell = each.slice(0, each.lastIndexOf('|'));
      cells.set(cell, (cells.get(cell) ?? 0) + 1);
    }
  }
  return cells;
}

function inForce(workload: Workload, subject: number): Word[] {
  const facts = new Map<number, Word>();
  for (let round = 0; round < workload.events; round += 1) {
    const word = wordAt(workload, subject, round);
    const known = facts.get(word.fact);
    if (known === undefined || word.instant > known.instant || (word.instant === known.instant && word.sequence > known.sequence)) facts.set(word.fact, word);
  }
  return [...facts.values()].filter(({ stated }) => stated);
}
