import { SERVICES } from '@throughline/local';

/** What is done to a process, beside the work it is in the middle of. */
export type Harm =
  /** kill -9. */
  | 'killed'
  /** Asleep for longer than sessions last, and awake again with what it remembers. */
  | 'paused'
  /** kill -9, and what it kept is gone. */
  | 'wiped'
  /** kill -9, and it finds an older copy of what it kept. */
  | 'put back';

export interface Strike {
  readonly target: string;
  readonly harm: Harm;
}

/** What is done at one moment. */
export interface Fault {
  readonly strikes: readonly Strike[];
  /** It is done when this many receipts of the wave were given, of the target's own where it is an adapter. */
  readonly atReceipt: number;
  /** Whoever was killed is kept down until partners have tried so often to send something, or have nothing left to send. */
  readonly downFor: number;
}

export const REDIS = 'Redis';
export const brokerName = (id: number): string => `Kafka ${id}`;
export const isBroker = (target: string): boolean => target.startsWith('Kafka ');

/** Whoever can be struck: each broker, Redis and each service. */
export const targetsOf = (brokers: number): readonly string[] => [...Array.from({ length: brokers }, (_, index) => brokerName(index + 1)), REDIS, ...SERVICES.map(({ name }) => name)];

/** `outcomes paused`. */
export const strikeText = ({ target, harm }: Strike): string => `${target} ${harm}`;
