/** A page of the bench: which parts it is made of, and what stands on it besides. */
export interface PageSpec {
  /** Under the checkout, without its ending: `.md` for people, `.json` for machines. */
  readonly file: string;
  readonly title: string;
  /** Names of parts, in order. */
  readonly parts: readonly string[];
  /** Only a run that was asked for everything makes it. */
  readonly onlyInFull: boolean;
  /** Said below the facts of the run, a paragraph each. */
  readonly remarks: readonly string[];
}

/** Every part of the bench stands on one of them. */
export const PAGES = [
  {
    file: 'docs/performance',
    title: 'Performance',
    parts: ['log', 'person-timelines', 'intake', 'pipeline', 'start'],
    onlyInFull: false,
    remarks: [
      'Where the time goes, and why a target is missed: [performance-notes.md](performance-notes.md), which is written by hand.',
      'How it grows with partitions, processes, people and what is said of them, and how far one index of who is who reaches: `npm run bench -- --only growth --only who-is-who`, or `--full` for all: a page of its own.',
    ],
  },
  {
    file: 'docs/performance-growth',
    title: 'Performance: growth',
    parts: ['growth', 'who-is-who'],
    onlyInFull: true,
    remarks: ['Beside others, and what is asked of it: [performance.md](performance.md).'],
  },
] as const satisfies readonly PageSpec[];

/** What a caller chooses a part by. */
export type PartName = (typeof PAGES)[number]['parts'][number];

/** In the order in which they are measured. */
export const PART_NAMES: readonly PartName[] = PAGES.flatMap(({ parts }): readonly PartName[] => parts);
