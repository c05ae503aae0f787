import type { LabelName } from './labels.js';

/** Which processes have a series. */
export const SERVICE_KINDS = ['adapter', 'linkage', 'outcomes'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

interface SeriesSpec {
  /** As Prometheus stores it. */
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One sentence, with the unit. */
  readonly help: string;
  readonly labels: readonly LabelName[];
  readonly from: readonly ServiceKind[];
  /** Counters that stand at zero from the start for every value of their labels, so that the first step is an increase. */
  readonly fromZero?: true;
  /** Upper bounds of a histogram's buckets, in its unit. */
  readonly buckets?: readonly number[];
}

const EVERYWHERE = SERVICE_KINDS;
const ADAPTER = ['adapter'] as const;
const OUTCOMES = ['outcomes'] as const;
const WORKERS = ['linkage', 'outcomes'] as const;
const BATCH_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/**
 * Every Prometheus series of the platform, by the name that code uses. Alerts and the dashboard are tested to use no other.
 * Instants are `…_timestamp_seconds` since 1970; an age that nothing has is 0.
 */
export const SERIES = {
  // Intake, in adapters.
  submissions: {
    name: 'throughline_submissions_total',
    type: 'counter',
    help: 'Submissions answered, by what became of them at the door; repeated ones got the receipt they already had.',
    labels: ['feed', 'outcome'],
    from: ADAPTER,
    fromZero: true,
  },
  submissionsRefused: {
    name: 'throughline_submissions_refused_total',
    type: 'counter',
    help: 'Submissions refused whole, by reason.',
    labels: ['feed', 'code'],
    from: ADAPTER,
  },
  submissionBytes: {
    name: 'throughline_submission_bytes_total',
    type: 'counter',
    help: 'Bytes of accepted submissions, unpacked.',
    labels: ['feed'],
    from: ADAPTER,
    fromZero: true,
  },
  submissionsHeld: {
    name: 'throughline_submissions_held',
    type: 'gauge',
    help: 'Snapshots that would withdraw an unusual share of what is known and wait to be confirmed or rejected.',
    labels: ['feed'],
    from: ADAPTER,
  },
  records: {
    name: 'throughline_records_total',
    type: 'counter',
    help: 'Records of committed submissions by fate; the fates add up to the records received. The code says why a record was skipped or refused.',
    labels: ['feed', 'fate', 'code'],
    from: ADAPTER,
  },
  spoolBytes: {
    name: 'throughline_spool_bytes',
    type: 'gauge',
    help: 'Bytes of accepted submissions on disk, encrypted.',
    labels: [],
    from: ADAPTER,
  },
  spoolAge: {
    name: 'throughline_spool_oldest_unpublished_age_seconds',
    type: 'gauge',
    help: 'Seconds since the oldest submission was accepted that is neither published in full nor held; 0: none waits.',
    labels: [],
    from: ADAPTER,
  },
  eventsPublished: {
    name: 'throughline_events_published_total',
    type: 'counter',
    help: 'Events that the brokers have acknowledged.',
    labels: ['kind'],
    from: ADAPTER,
    fromZero: true,
  },
  publishBatchSeconds: {
    name: 'throughline_publish_batch_seconds',
    type: 'histogram',
    help: 'Seconds from sending a batch until it was acknowledged, retries included.',
    labels: [],
    from: ADAPTER,
    buckets: BATCH_SECONDS,
  },
  partnerLastEvent: {
    name: 'throughline_partner_last_event_timestamp_seconds',
    type: 'gauge',
    help: 'When a partner was last heard: sent something that was taken in, be it known already; before that, when its adapter first started.',
    labels: ['partner'],
    from: ADAPTER,
  },
  partnerExpectedInterval: {
    name: 'throughline_partner_expected_interval_seconds',
    type: 'gauge',
    help: 'Longest time a partner is expected to be silent, from configuration.',
    labels: ['partner'],
    from: ADAPTER,
  },

  // Consuming and linking.
  eventsConsumed: {
    name: 'throughline_events_consumed_total',
    type: 'counter',
    help: 'Events folded into stored state, repeats included.',
    labels: ['deployment'],
    from: WORKERS,
  },
  consumeBatchSeconds: {
    name: 'throughline_consume_batch_seconds',
    type: 'histogram',
    help: 'Seconds from receiving a batch until its effect is stored.',
    labels: [],
    from: WORKERS,
    buckets: BATCH_SECONDS,
  },
  consumerLag: {
    name: 'throughline_consumer_lag_events',
    type: 'gauge',
    help: 'Events of a partition behind its end that are not stored yet.',
    labels: ['deployment', 'partition'],
    from: WORKERS,
  },
  consumerRunning: {
    name: 'throughline_consumer_running',
    type: 'gauge',
    help: '1 while the consumer reads every partition it is given, 0 once it has stopped or holds one that it cannot read.',
    labels: [],
    from: WORKERS,
  },
  consumerLastFetch: {
    name: 'throughline_consumer_last_fetch_timestamp_seconds',
    type: 'gauge',
    help: 'When the brokers last answered a fetch, with or without records.',
    labels: [],
    from: WORKERS,
  },
  fenced: {
    name: 'throughline_fenced_writes_total',
    type: 'counter',
    help: 'Writes refused since another worker had written first; harmless, and done again.',
    labels: ['guard'],
    from: WORKERS,
    fromZero: true,
  },
  placeholderTokens: {
    name: 'throughline_placeholder_tokens_total',
    type: 'counter',
    help: 'Identifiers that came to be shared by more subjects than one person can be, and from then on link nobody.',
    labels: [],
    from: ['linkage'],
    fromZero: true,
  },
  linkConflicts: {
    name: 'throughline_link_conflicts',
    type: 'gauge',
    help: 'Participants in which identifiers contradict each other, or who stand alone beside separated ones: for people to decide.',
    labels: [],
    from: ['linkage'],
  },
  deadLetters: {
    name: 'throughline_dead_letters_total',
    type: 'counter',
    help: 'Records put aside with their reason, by the stage that could not use them.',
    labels: ['stage'],
    from: EVERYWHERE,
    fromZero: true,
  },

  // Figures.
  dirtyMarks: {
    name: 'throughline_dirty_marks',
    type: 'gauge',
    help: 'Marks of changed subjects and participants whose figures are not recomputed yet.',
    labels: [],
    from: OUTCOMES,
  },
  oldestMarkAge: {
    name: 'throughline_oldest_mark_age_seconds',
    type: 'gauge',
    help: 'Seconds since the oldest dirty mark was seen first; 0: there is none.',
    labels: [],
    from: OUTCOMES,
  },
  participantsReconciled: {
    name: 'throughline_participants_reconciled_total',
    type: 'counter',
    help: 'Participants whose figures were recomputed and stored.',
    labels: [],
    from: OUTCOMES,
    fromZero: true,
  },
  timelineBytes: {
    name: 'throughline_timeline_memory_bytes',
    type: 'gauge',
    help: 'Memory that remembered timelines take, over all generations kept up; each may take as much as it is allowed.',
    labels: [],
    from: OUTCOMES,
  },
  timelineReads: {
    name: 'throughline_timeline_buckets_read_total',
    type: 'counter',
    help: 'Buckets of timelines read whole from the store: at a start, of partitions of another process the first time, and again where memory was too small for them. What another process has added to them since is read on, and not counted.',
    labels: [],
    from: OUTCOMES,
    fromZero: true,
  },
  participantsUnreadable: {
    name: 'throughline_participants_unreadable',
    type: 'gauge',
    help: 'Participants whose figures cannot be computed from what is stored of them; their marks wait.',
    labels: [],
    from: OUTCOMES,
  },
  reconcileBatchSeconds: {
    name: 'throughline_reconcile_batch_seconds',
    type: 'histogram',
    help: 'Seconds from reading a set of dirty marks until its figures are stored.',
    labels: [],
    from: OUTCOMES,
    buckets: BATCH_SECONDS,
  },
  figuresFresh: {
    name: 'throughline_figures_fresh_timestamp_seconds',
    type: 'gauge',
    help: 'Append time up to which the exact figures hold everything that this process has read.',
    labels: [],
    from: OUTCOMES,
  },
  lastCut: {
    name: 'throughline_last_cut_timestamp_seconds',
    type: 'gauge',
    help: 'When the cut that the feed serves was taken.',
    labels: [],
    from: OUTCOMES,
  },
  viewComplete: {
    name: 'throughline_view_complete',
    type: 'gauge',
    help: '1 while a generation is complete and figures can be served, 0 while the first is being built.',
    labels: [],
    from: OUTCOMES,
  },
  viewProgress: {
    name: 'throughline_view_progress_ratio',
    type: 'gauge',
    help: 'Share of the log, 0 to 1, that the generation under construction has read; 1 when none is.',
    labels: [],
    from: OUTCOMES,
  },

  // The process and its machine.
  diskFree: {
    name: 'throughline_disk_free_bytes',
    type: 'gauge',
    help: 'Bytes free to the process on a volume that it writes.',
    labels: ['volume'],
    from: EVERYWHERE,
  },
  diskSize: {
    name: 'throughline_disk_size_bytes',
    type: 'gauge',
    help: 'Bytes of a volume that the process writes.',
    labels: ['volume'],
    from: EVERYWHERE,
  },
  buildInfo: {
    name: 'throughline_build_info',
    type: 'gauge',
    help: 'Always 1; version and source revision of the running build.',
    labels: ['version', 'revision'],
    from: EVERYWHERE,
  },
  labelsRefused: {
    name: 'throughline_telemetry_labels_refused_total',
    type: 'counter',
    help: 'Label values outside their closed set, counted under "other" instead: a fault in our code.',
    labels: [],
    from: EVERYWHERE,
    fromZero: true,
  },
} as const satisfies Record<string, SeriesSpec>;

export type SeriesKey = keyof typeof SERIES;
