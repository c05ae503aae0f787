import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { DraftSubmission } from './submission.js';

/** Bytes of a good file that a spoilt one is made from. */
const HEAD_BYTES = 6_000;
const LEFT_OFF_BYTES = 12;

/** Of a college: one who is there, or one who left. */
const FIRST_LEARNER = /<Learner(DestinationandProgression)?>/;

const SPOILT: readonly { readonly feed: DraftSubmission['feed']; readonly name: string; readonly spoil: (head: string) => string }[] = [
  { feed: 'ilr', name: 'college/cut-short.xml', spoil: (head) => head },
  { feed: 'ilr', name: 'college/other-collection.xml', spoil: (head) => `${head.slice(0, head.search(FIRST_LEARNER)).replace('<Collection>ILR<', '<Collection>ESF<')}</Message>` },
  { feed: 'ilr', name: 'college/with-doctype.xml', spoil: (head) => `${head.slice(0, head.search(FIRST_LEARNER)).replace('<Message', '<!DOCTYPE Message>\n<Message')}</Message>` },
  { feed: 'nhs-csv', name: 'nhs/semicolons.csv', spoil: (head) => head.slice(0, head.lastIndexOf('\n') + 1).replaceAll(',', ';') },
  { feed: 'rtof', name: 'council/renamed-column.csv', spoil: (head) => head.slice(0, head.indexOf('\n') + 1).replace('unique_id', 'id') },
  { feed: 'nccis', name: 'council/other-names.csv', spoil: (head) => head.slice(0, head.indexOf('\n') + 1).replace('NCCIS_AcadYr', 'AcademicYear') },
  { feed: 'dwp-citizen', name: 'dwp/cut-short.json', spoil: (head) => head.slice(0, 400) },
];

/** Files that are not what they say, each made from the start of a good one of its feed and to be refused whole. */
export function spoiltFiles(directory: string, drafts: readonly DraftSubmission[]): DraftSubmission[] {
  return SPOILT.flatMap(({ feed, name, spoil }) => {
    const good = drafts.find((draft) => draft.feed === feed);
    if (good === undefined) return [];
    writeFileSync(join(directory, name), spoil(head(join(directory, good.file))));
    return [{ ...good, file: name, mediaType: name.endsWith('.json') ? 'application/json' : good.mediaType, refusedWhole: true }];
  });
}

function head(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    // Never all of it: a small file has to be cut short too.
    const buffer = Buffer.alloc(Math.min(HEAD_BYTES, fstatSync(descriptor).size - LEFT_OFF_BYTES));
    return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, 0)).toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}
