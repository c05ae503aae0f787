import type { Type } from '@nestjs/common';
import { ReferenceHasher, Tokeniser } from '@throughline/identity';
import type { PartnerKeys } from '@throughline/identity';
import type { AdapterDeclaration, MappingContext, ReadLimits } from '../adapter-declaration.js';
import { startServer } from '../http/adapter-server.js';
import type { Pace, PayloadBounds } from '../intake/bounded-payload.js';
import { Intake } from '../intake/intake.js';
import { Receipts } from '../intake/receipts.js';
import { IntakeSlots } from '../intake/intake-slots.js';
import type { SlotLimits } from '../intake/intake-slots.js';
import { Ledger } from '../ledger/ledger.js';
import type { EventSink } from '../pipeline/event-sink.js';
import { Pipeline } from '../pipeline/pipeline.js';
import type { HeldRule, PipelineParts } from '../pipeline/pipeline-parts.js';
import { SpoolFolder } from '../spool/spool-folder.js';
import { takeSpoolLock } from '../spool/spool-lock.js';
import { agreeStores } from './agree-stores.js';
import type { AdapterWatch } from './adapter-watch.js';
import { UNWATCHED } from './adapter-watch.js';
import { lastHeard } from './last-heard.js';

export interface AdapterOptions {
  readonly adapter: AdapterDeclaration;
  readonly deployment: string;
  /** Partner organisation: part of every subject and fact. */
  readonly partner: string;
  readonly keys: PartnerKeys;
  readonly agreementIds: Readonly<Record<string, string>>;
  readonly defaultProgramme: string | null;
  readonly spoolDir: string;
  readonly sink: EventSink;
  readonly locate: MappingContext['locate'];
  readonly limits: ReadLimits;
  readonly bounds: PayloadBounds;
  readonly held: HeldRule;
  /**
   * What is taken in at once, by every way in together: an upload of more than 64 KiB takes a slot, a payload that is only
   * looked at takes one, or 4 where it is larger than that. Default: 16 slots, 64 waiting for 10 seconds at most.
   */
  readonly slots?: SlotLimits;
  /** Default: 30 seconds' grace, then 1 KiB a second. */
  readonly pace?: Pace;
  readonly watch?: AdapterWatch;
  readonly now?: () => Date;
  /** Default: a second, doubling up to a minute. */
  readonly retryDelayMs?: (attempt: number) => number;
  readonly onStep?: PipelineParts['onStep'];
}

/** A running adapter without its web server: whatever opens a door puts submissions into `intake`. */
export interface OpenAdapter {
  readonly intake: Intake;
  readonly pipeline: Pipeline;
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly spool: SpoolFolder;
  readonly watch: AdapterWatch;
  readonly pace: Pace;
  /** Lets the submission in work finish its step, then closes the files. Twice is harmless. */
  readonly close: () => Promise<void>;
}

const DEFAULT_PACE: Pace = { graceMs: 30_000, bytesPerSecond: 1_024 };
const DEFAULT_SLOTS: SlotLimits = { slots: 16, waiting: 64, waitMs: 10_000 };
const backOff = (attempt: number): number => Math.min(60_000, 1_000 * 2 ** (attempt - 1));

/**
 * Opens an adapter's spool and ledger, sweeps what a crash left and resumes what was accepted. Where it throws, nothing
 * stays open. Throws `SpoolInUse` where another process has the folder, `SpoolNotWritable` where it cannot be used.
 * @param beforeStart called with the stores before work begins: where a lost ledger is restored.
 */
export const openAdapter = async (options: AdapterOptions, beforeStart?: (ledger: Ledger, receipts: Receipts) => Promise<void>): Promise<OpenAdapter> => {
  const { adapter, keys, watch = UNWATCHED, now = () => new Date(), pace = DEFAULT_PACE } = options;
  const spool = await SpoolFolder.open(options.spoolDir, keys.spoolKeys);
  const hasher = new ReferenceHasher(options.partner, keys.referenceKey);
  const { receipts, ledger, closeStores } = openStores(spool);
  try {
    await agreeStores({ adapter, spool, receipts, ledger, hasher, watch });
    await beforeStart?.(ledger, receipts);
    watch.opened(lastHeard(receipts, ledger, now()));
  } catch (error) {
    closeStores();
    throw error;
  }
  const pipeline = new Pipeline({
    adapter,
    deployment: options.deployment,
    receipts,
    ledger,
    spool,
    sink: options.sink,
    hasher,
    tokeniser: new Tokeniser(keys.domainKey, keys.rotatedTo),
    agreementIds: options.agreementIds,
    locate: options.locate,
    limits: options.limits,
    held: options.held,
    watch,
    now,
    retryDelayMs: options.retryDelayMs ?? backOff,
    ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
  });
  const intake = new Intake({
    adapter,
    receipts,
    ledger,
    spool,
    pipeline,
    hasher,
    slots: new IntakeSlots(options.slots ?? DEFAULT_SLOTS),
    bounds: options.bounds,
    defaultProgramme: options.defaultProgramme,
    watch,
    now,
  });
  pipeline.start();
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= pipeline.stop().then(closeStores));
  return { intake, pipeline, receipts, ledger, spool, watch, pace, close };
};

interface OpenStores {
  readonly receipts: Receipts;
  readonly ledger: Ledger;
  readonly closeStores: () => void;
}

/** The lock is taken first and given back last: the databases are never another process's too. */
const openStores = (spool: SpoolFolder): OpenStores => {
  const closers: (() => void)[] = [];
  const closeStores = (): void => {
    for (const close of closers.splice(0).reverse()) close();
  };
  try {
    closers.push(takeSpoolLock(spool.lockPath).release);
    const receipts = new Receipts(spool.receiptsPath);
    closers.push(() => receipts.close());
    const ledger = new Ledger(spool.ledgerPath, receipts.ledger);
    closers.push(() => ledger.close());
    return { receipts, ledger, closeStores };
  } catch (error) {
    closeStores();
    throw error;
  }
};

/** Serves an open adapter over HTTP. */
export const serveAdapter = (
  adapter: AdapterDeclaration,
  open: OpenAdapter,
  address: { readonly host: string; readonly port: number },
  extraControllers: readonly Type[] = [],
): ReturnType<typeof startServer> => startServer({ adapter, watch: open.watch, ...address }, { ...open, extraControllers });
