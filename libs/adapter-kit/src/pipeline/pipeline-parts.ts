import type { ReferenceHasher, Tokeniser } from '@throughline/identity';
import type { AdapterDeclaration, MappingContext, ReadLimits } from '../adapter-declaration.js';
import type { Receipts } from '../intake/receipts.js';
import type { Ledger } from '../ledger/ledger.js';
import type { AdapterWatch } from '../runtime/adapter-watch.js';
import type { SpoolFolder } from '../spool/spool-folder.js';
import type { EventSink } from './event-sink.js';

/** When a snapshot waits for somebody to look at it. */
export interface HeldRule {
  /** Share of a scope's facts, 0 to 1: one that would withdraw more is held. */
  readonly share: number;
  /** Fewer withdrawals than this never hold. */
  readonly least: number;
}

/** Steps that a crash may fall between; told before each is taken. */
export type PipelineStep = 'read' | 'outbox' | 'ledger' | 'publish' | 'acknowledged' | 'settle';

export interface PipelineParts {
  readonly adapter: AdapterDeclaration;
  /** Name of the adapter's deployment: part of its topics' names. */
  readonly deployment: string;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly spool: SpoolFolder;
  readonly sink: EventSink;
  readonly hasher: ReferenceHasher;
  readonly tokeniser: Tokeniser;
  /** Agreement of each feed. */
  readonly agreementIds: Readonly<Record<string, string>>;
  readonly locate: MappingContext['locate'];
  readonly limits: ReadLimits;
  readonly held: HeldRule;
  readonly watch: AdapterWatch;
  readonly now: () => Date;
  /** Milliseconds to wait before the n-th try again, n from 1. */
  readonly retryDelayMs: (attempt: number) => number;
  /** Called before each step; what it throws stops the run there, as a crash would. */
  readonly onStep?: (step: PipelineStep, submission: string) => void | Promise<void>;
}
