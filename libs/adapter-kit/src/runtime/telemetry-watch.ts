import type { Logger, Telemetry } from '@throughline/telemetry';
import { SubmissionRefused } from '../adapter-declaration.js';
import { AdapterBusy } from '../intake/intake-slots.js';
import { SpoolNotWritable } from '../spool/sealed-file.js';
import type { AdapterWatch } from './adapter-watch.js';
import { toldAnything } from './last-heard.js';

/** What the watch needs to tell when the partner was last heard, and whether that is too long ago. */
export interface WatchOptions {
  readonly telemetry: Telemetry;
  readonly logger: Logger;
  readonly partner: string;
  /** Longest time that the partner is expected to be silent. */
  readonly expectedIntervalMs: number;
  readonly now: () => Date;
}

/** Tells Prometheus and the log. Normal running logs one line a submission, at `info`. */
export const telemetryWatch = ({ telemetry, logger, partner, expectedIntervalMs, now }: WatchOptions): AdapterWatch => ({
  opened: (lastHeard) => {
    telemetry.partnerExpectedInterval.set({ partner }, expectedIntervalMs / 1_000);
    telemetry.partnerLastEvent.set({ partner }, lastHeard.getTime() / 1_000);
  },
  accepted: (feed, bytes) => {
    telemetry.submissions.add({ feed, outcome: 'accepted' });
    telemetry.submissionBytes.add({ feed }, bytes);
  },
  repeated: (feed) => telemetry.submissions.add({ feed, outcome: 'repeated' }),
  validated: (feed) => telemetry.submissions.add({ feed, outcome: 'validated' }),
  notAccepted: (_adapter, feed, error) => {
    telemetry.submissions.add({ feed, outcome: error instanceof AdapterBusy ? 'busy' : 'refused' });
    if (error instanceof SubmissionRefused) telemetry.submissionsRefused.add({ feed, code: error.code });
    if (error instanceof SpoolNotWritable) logger.error({ feed, code: error.code }, error.remedy);
  },
  refused: (feed, submission, code) => {
    telemetry.submissionsRefused.add({ feed, code });
    logger.info({ feed, submission, code }, 'submission refused');
  },
  held: (feed, submission, code) => logger.warn({ feed, submission, code }, 'submission held: confirm or reject it'),
  recorded: (feed, submission, counts, refusedBecause) => {
    telemetry.records.add({ feed, fate: 'published', code: 'none' }, counts.published);
    for (const [code, count] of Object.entries(counts.skippedBecause)) telemetry.records.add({ feed, fate: 'skipped', code }, count);
    for (const [code, count] of Object.entries(refusedBecause)) telemetry.records.add({ feed, fate: 'refused', code }, count);
    if (toldAnything(counts)) telemetry.partnerLastEvent.set({ partner }, now().getTime() / 1_000);
    const { received, published, skipped, refused, eventsStated, eventsWithdrawn } = counts;
    logger.info({ feed, submission, received, published, skipped, refused, eventsStated, eventsWithdrawn }, 'submission recorded');
  },
  sent: ({ facts, identifiers }, milliseconds) => {
    telemetry.eventsPublished.add({ kind: 'facts' }, facts);
    telemetry.eventsPublished.add({ kind: 'identifiers' }, identifiers);
    telemetry.publishBatchSeconds.observe({}, milliseconds / 1_000);
  },
  deadLettered: (count) => telemetry.deadLetters.add({ stage: 'intake' }, count),
  amiss: ({ code, count, remedy }) => logger.error({ code, count }, remedy),
  failed: (doing, submission, error) => logger.error({ err: error, doing, submission }, 'failed; tried again later'),
});
