/** Bytes of a subject, a participant. */
export const ID_BYTES = 16;

/** Buckets a partition's timelines are spread over; frozen, since a subject's bucket follows from it. */
export const TIMELINE_BUCKETS = 64;

/** Buckets participants are spread over; frozen for a generation's life. */
export const PARTICIPANT_BUCKETS = 24;

/** Timeline bucket of a subject: its fifth byte, since the first four choose the partition. */
export const timelineBucketOf = (subject: Uint8Array): number => (subject[4] ?? 0) % TIMELINE_BUCKETS;

/** Bucket of a participant: its first byte. */
export const participantBucketOf = (participant: Uint8Array): number => (participant[0] ?? 0) % PARTICIPANT_BUCKETS;

const LINK_PARTS = ['stamp', 'next', 'identity', 'token', 'subject', 'participant', 'conflict', 'decision', 'keys', 'marks'] as const;
const TOPIC_PARTS = ['partitions', 'misplaced'] as const;

/** Names of a generation's keys. What one script changes shares a hash tag, so that it lives on one node of a cluster. */
export class GenerationKeys {
  readonly prefix: string;
  constructor(readonly generation: number) {
    this.prefix = `g${generation}:`;
  }

  /** @param location `<deployment>.<partition>` */
  partition(location: string): { readonly next: string; readonly marks: string; readonly changes: string; readonly buckets: string } {
    const tag = `${this.prefix}{${location}}:`;
    return { next: `${tag}next`, marks: `${tag}marks`, changes: `${tag}changes`, buckets: `${tag}b:` };
  }

  bucket(bucket: number): { readonly participants: string; readonly cells: string; readonly marks: string } {
    const tag = `${this.prefix}{b${bucket}}:`;
    return { participants: `${tag}participants`, cells: `${tag}cells`, marks: `${tag}marks` };
  }

  /** Who works on which bucket. */
  shares(): string {
    return `${this.prefix}{shares}:buckets`;
  }

  topics(part: (typeof TOPIC_PARTS)[number]): string {
    return `${this.prefix}{topics}:${part}`;
  }

  link(part: (typeof LINK_PARTS)[number]): string {
    return `${this.prefix}{link}:${part}`;
  }
}

/** Names that a key may have after its tag, whatever the tag. */
const NAMES: readonly string[] = [
  ...new Set(['next', 'marks', 'changes', ...Array.from({ length: TIMELINE_BUCKETS }, (_, bucket) => `b:${bucket}`), 'participants', 'cells', 'buckets', ...TOPIC_PARTS, ...LINK_PARTS]),
];

/** Every key there may be under a generation's hash tag, such as `g7:{b3}:`. */
export const keysUnder = (tag: string): string[] => NAMES.map((name) => tag + name);
