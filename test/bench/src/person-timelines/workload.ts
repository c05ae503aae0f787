import { eventsTopic, liveTopics } from '@throughline/event-contracts';
import type { TopicSpec } from '@throughline/event-contracts';
import { participantOf } from '@throughline/identity';
import { fictionalId } from './fictional-ids.js';

/** How much of what is said changes anything. */
export type Variant = 'every' | 'fifth';

/** Sizes of a log about people under several references. The same sizes give the same bytes. */
export interface Workload {
  readonly variant: Variant;
  readonly participants: number;
  /** Events about each subject. */
  readonly events: number;
  /** Of each of the partners' topics. */
  readonly partitions: number;
  /** Tells the topics of several logs on one broker apart: letters, digits and hyphens. */
  readonly name: string;
}

/** Who tells of subjects; a topic each. */
export const PARTNERS = ['nhs', 'college', 'council', 'dwp'] as const;
export const PROGRAMMES = ['workwell', 'connect-to-work', 'restart', 'local'] as const;
export const AIMS = ['60313246', '60174558', 'Z0007842', '50121346', '60327592'] as const;

/** Participants in a row are one, two, two and three subjects, each with another partner: two on average. */
const SUBJECTS_OF = [1, 2, 2, 3];
const FIRST_SUBJECT_OF = [0, 1, 3, 5];
const ROW = SUBJECTS_OF.length;
const SUBJECTS_OF_A_ROW = 8;
const PLATFORM_KEY = Buffer.alloc(32, 7);

/** Participants come in whole rows, so that there are twice as many subjects. */
export const subjectCount = ({ participants }: Workload): number => {
  if (participants % ROW !== 0) throw new RangeError(`Participants come in rows of ${ROW}.`);
  return participants * 2;
};

export const eventCount = (workload: Workload): number => subjectCount(workload) * workload.events;

/** Deployments of the contract under which the log lies. */
export const deploymentsOf = ({ name }: Workload): string[] => PARTNERS.map((partner) => `${partner}-${name}`);

/** The partners' topics, with the contract's own settings. */
export function topicsOf(workload: Workload): TopicSpec[] {
  const names = deploymentsOf(workload).map(eventsTopic);
  return liveTopics(deploymentsOf(workload))
    .filter(({ name }) => names.includes(name))
    .map((topic) => ({ ...topic, partitions: workload.partitions }));
}

/** Place of a subject's participant. */
export const participantPlaceOf = (subject: number): number => {
  const within = subject % SUBJECTS_OF_A_ROW;
  let member = ROW - 1;
  while (FIRST_SUBJECT_OF[member]! > within) member -= 1;
  return Math.floor(subject / SUBJECTS_OF_A_ROW) * ROW + member;
};

/** Places of a participant's subjects. */
export const subjectPlacesOf = (participant: number): number[] => {
  const member = participant % ROW;
  const first = Math.floor(participant / ROW) * SUBJECTS_OF_A_ROW + FIRST_SUBJECT_OF[member]!;
  return Array.from({ length: SUBJECTS_OF[member]! }, (_, i) => first + i);
};

/** Place of the partner who tells of a subject: another for each subject of one participant. */
export const partnerPlaceOf = (subject: number): number => {
  const participant = participantPlaceOf(subject);
  return (Math.floor(participant / ROW) + subject - subjectPlacesOf(participant)[0]!) % PARTNERS.length;
};

export const subjectId = (subject: number): Buffer => fictionalId('subject', subject);

/** As linkage names a participant: by the least of its subjects. */
export const participantId = (participant: number): Buffer =>
  participantOf(PLATFORM_KEY, subjectPlacesOf(participant).map(subjectId).sort((a, b) => a.compare(b))[0]!);

/** The platform's key under which {@link participantId} names participants. */
export const platformKey = (): Buffer => Buffer.from(PLATFORM_KEY);
