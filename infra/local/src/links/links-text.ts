import type { Conflicts, Decided, Decision, Explained, KnownPerson, Preview } from './links-client.js';

type Subject = KnownPerson['subjects'][number];
type Path = NonNullable<Explained['path']>;

const told = ({ subject, deployments }: Subject): string => `${subject}  ${deployments.join(', ')}`;
const indented = (lines: readonly string[], by = 2): string[] => lines.map((line) => `${' '.repeat(by)}${line}`);
const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const pathLines = ({ from, steps }: Path): string[] => [told(from), ...steps.map(({ rule, ...reached }) => `  by ${rule} with ${told(reached)}`)];

export function conflictsText({ open, conflicts }: Conflicts): string {
  if (open === 0) return 'No participant is in conflict.';
  const all = conflicts.flatMap(({ participant, kinds, since, metBy, subjects }) => [
    `participant ${participant}: ${kinds.join(', ')}, ${counted(subjects.length, 'subject')}${since === null ? '' : `, since ${since}`}`,
    ...indented(metBy === null ? subjects.map(told) : [`two values of ${metBy.kind} meet:`, ...indented(pathLines(metBy))]),
  ]);
  return [`${counted(open, 'participant')} to look at${conflicts.length < open ? `, ${conflicts.length} of them here (--most for more)` : ''}:`, ...all].join('\n');
}

export function decisionsText(decisions: readonly Decision[]): string {
  return decisions.length === 0 ? 'No decision was made.' : ['Decisions, the latest first:', ...decisions.flatMap(decisionLines)].join('\n');
}

const decisionLines = ({ decision, state, kind, subjects, apartFrom, at, by, reason, note }: Decision): string[] => [
  `${decision}  ${kind}${state === 'WITHDRAWN' ? ', withdrawn' : ''} ${at} by ${by}: ${reason}${note === null ? '' : `, "${note}"`}`,
  ...indented([...subjects, ...(apartFrom.length === 0 ? [] : ['apart from', ...apartFrom])]),
];

export function personText({ participant, subjects, joins, conflicts, decisions }: KnownPerson): string {
  return [
    `participant ${participant}, ${counted(subjects.length, 'subject')}${conflicts.length === 0 ? '' : `, in conflict: ${conflicts.join(', ')}`}`,
    ...indented(subjects.map(told)),
    ...(joins.length === 0 ? ['Nothing joins it to anybody.'] : ['Joined by:']),
    ...indented(joins.map((join) => `${join.rule}: ${join.subjects.join(' ')}`)),
    ...(decisions.length === 0 ? [] : ['Decisions on any of them:', ...indented(decisions.flatMap(decisionLines))]),
  ].join('\n');
}

export function explainedText({ one, participants, path, decisions }: Explained): string {
  return [
    one ? `They are one participant, ${participants[0] ?? ''}:` : `They are two participants, ${participants.join(' and ')}.`,
    ...(path === null ? [] : indented(pathLines(path))),
    ...(decisions.length === 0 ? [] : ['Decisions on both:', ...indented(decisions.flatMap(decisionLines))]),
  ].join('\n');
}

export function previewText({ subjects, apartFrom, before, after }: Preview): string {
  const people = (list: Preview['after']): string[] =>
    list.flatMap((each) => [
      `participant ${each.participant}, ${counted(each.subjects.length, 'subject')}${each.conflicts.length === 0 ? '' : `, in conflict: ${each.conflicts.join(', ')}`}`,
      ...indented(each.subjects.map(told)),
    ]);
  const named = apartFrom.length === 0 ? [`One person: ${subjects.join(' ')}`] : [`Apart: ${subjects.join(' ')}`, ` from: ${apartFrom.join(' ')}`];
  if (after.length === 0 && before.length === 0) return [...named, 'Nobody would be anybody else than now.'].join('\n');
  return [...named, 'Now:', ...indented(people(before)), 'Then:', ...indented(people(after))].join('\n');
}

export function decidedText({ decision, takenIn }: Decided): string {
  return takenIn
    ? `Decision ${decision} is in the log and in the links. The figures follow.`
    : `Decision ${decision} is in the log. Linkage has not come to it yet: "npm run links -- list" shows when it has.`;
}
