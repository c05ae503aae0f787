import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LABELS, NONE, OTHER } from './labels.js';
import type { DeclaredLabel, LabelName, LabelSet, LabelValue } from './labels.js';
import { SERIES } from './series.js';
import type { SeriesKey, ServiceKind } from './series.js';
import { TelemetryError } from './telemetry-error.js';

/** Label values of a series: `{}` for one without labels. */
export type LabelsOf<K extends SeriesKey> = { readonly [L in (typeof SERIES)[K]['labels'][number]]: LabelValue<L> };

export interface CounterHandle<K extends SeriesKey> {
  /** @param amount 1 unless told; never negative. */
  add(labels: LabelsOf<K>, amount?: number): void;
}

export interface GaugeHandle<K extends SeriesKey> {
  set(labels: LabelsOf<K>, value: number): void;
  /** Takes one set of labels out, for example a partition that is no longer ours. */
  remove(labels: LabelsOf<K>): void;
  /**
   * Asks for the values whenever Prometheus does, in place of what was set: for ages and sizes, which change by themselves.
   * Where `read` fails the series is missing from that answer; the others are not.
   */
  readAtScrape(read: () => Readings<K> | Promise<Readings<K>>): void;
}
export type Readings<K extends SeriesKey> = Iterable<readonly [labels: LabelsOf<K>, value: number]>;

export interface HistogramHandle<K extends SeriesKey> {
  /** @param value in the unit of the series' name. */
  observe(labels: LabelsOf<K>, value: number): void;
}

type HandleOf<K extends SeriesKey> = (typeof SERIES)[K]['type'] extends 'counter'
  ? CounterHandle<K>
  : (typeof SERIES)[K]['type'] extends 'gauge'
    ? GaugeHandle<K>
    : HistogramHandle<K>;

/** A handle for each series; those of other kinds of service are there, but show nothing until used. */
export type SeriesHandles = { readonly [K in SeriesKey]: HandleOf<K> };

export interface Telemetry extends SeriesHandles {
  /** Adds to what a label may say. @throws TelemetryError for what is no name or could be an identifier. */
  declare(label: DeclaredLabel, values: readonly string[]): void;
  /** What `/metrics` answers. */
  expose(): Promise<{ readonly contentType: string; readonly body: string }>;
}

export interface TelemetryOptions {
  /** Name of the process, for example `college-adapter`: the label `service` of every series. */
  readonly service: string;
  readonly kind: ServiceKind;
  readonly build: { readonly version: string; readonly revision: string };
  /** Closed sets of this process: its feeds, deployments, partners, codes. */
  readonly declare?: Readonly<Partial<Record<Exclude<DeclaredLabel, 'version' | 'revision'>, readonly string[]>>>;
  /** Whether to add Node's own series (`process_…`, `nodejs_…`). Default true. */
  readonly runtimeSeries?: boolean;
}

// Seven digits in a row could be part of somebody's number, whatever the set is called; a source revision is no such set.
const LABEL_TEXT = /^(?!.*\d{7})[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const BUILD_TEXT = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,63}$/;

/** Makes a process's series. Each process has one; tests make as many as they like, they share nothing. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  const registry = new Registry();
  registry.setDefaultLabels({ service: nameOf('service', options.service, LABEL_TEXT) });
  if (options.runtimeSeries ?? true) collectDefaultMetrics({ register: registry });
  const sets = new ClosedSets();
  const build = { version: nameOf('version', options.build.version, BUILD_TEXT), revision: nameOf('revision', options.build.revision, BUILD_TEXT) };
  sets.add('version', [build.version]);
  sets.add('revision', [build.revision]);
  const instruments = (Object.keys(SERIES) as SeriesKey[]).map((key) => [key, new Instrument(key, registry, sets)] as const);
  const handles = Object.fromEntries(instruments) as unknown as SeriesHandles;
  sets.onRefused = () => handles.labelsRefused.add({});

  const startAtZero = (): void => {
    for (const [key, instrument] of instruments) {
      if ((SERIES[key].from as readonly ServiceKind[]).includes(options.kind)) instrument.startAtZero();
    }
  };
  const declare = (label: DeclaredLabel, values: readonly string[]): void => {
    sets.add(label, values.map((value) => nameOf(label, value, LABEL_TEXT)));
    startAtZero();
  };
  for (const [label, values] of Object.entries(options.declare ?? {})) declare(label as DeclaredLabel, values);
  startAtZero();
  handles.buildInfo.set(build, 1);
  return { ...handles, declare, expose: async () => ({ contentType: registry.contentType, body: await registry.metrics() }) };
}

function nameOf(label: string, value: string, pattern: RegExp): string {
  if (!pattern.test(value)) {
    throw new TelemetryError('LABEL_NOT_A_NAME', `label ${label}`, 'Use a name of letters, digits, ".", "_" and "-", at most 64, without a long number.');
  }
  return value;
}

class ClosedSets {
  readonly #declared = new Map<LabelName, Set<string>>();
  onRefused: () => void = () => undefined;

  add(label: DeclaredLabel, values: readonly string[]): void {
    this.#declared.set(label, new Set([...(this.#declared.get(label) ?? [NONE]), ...values]));
  }

  /** All values a label can have now; null: too many to list. */
  valuesOf(label: LabelName): readonly string[] | null {
    const set: LabelSet = LABELS[label];
    if ('values' in set) return set.values;
    if ('below' in set) return null;
    return [...(this.#declared.get(label) ?? [])].filter((value) => value !== NONE);
  }

  /** The label's text, or `other`: instrumentation must not stop a record, nor let one out. */
  textOf(label: LabelName, value: string | number | undefined): string {
    const set: LabelSet = LABELS[label];
    if ('below' in set) {
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < set.below) return String(value);
    } else if (typeof value === 'string') {
      if ('values' in set ? set.values.includes(value) : (this.#declared.get(label)?.has(value) ?? value === NONE)) return value;
    }
    this.onRefused();
    return OTHER;
  }
}

type AnyLabels = Readonly<Record<string, string | number>>;

/** One series. It enters the registry when it is first used, so that a process shows no series that it does not have. */
class Instrument {
  #metric: Counter | Gauge | Histogram | undefined;
  #read: (() => Iterable<readonly [AnyLabels, number]> | Promise<Iterable<readonly [AnyLabels, number]>>) | undefined;

  constructor(
    private readonly key: SeriesKey,
    private readonly registry: Registry,
    private readonly sets: ClosedSets,
  ) {}

  add(labels: AnyLabels, amount = 1): void {
    (this.#registered() as Counter).inc(this.#texts(labels), amount);
  }

  set(labels: AnyLabels, value: number): void {
    (this.#registered() as Gauge).set(this.#texts(labels), value);
  }

  remove(labels: AnyLabels): void {
    (this.#registered() as Gauge).remove(this.#texts(labels));
  }

  observe(labels: AnyLabels, value: number): void {
    (this.#registered() as Histogram).observe(this.#texts(labels), value);
  }

  readAtScrape(read: () => Iterable<readonly [AnyLabels, number]> | Promise<Iterable<readonly [AnyLabels, number]>>): void {
    this.#read = read;
    this.#registered();
  }

  startAtZero(): void {
    const spec = SERIES[this.key];
    if (!('fromZero' in spec)) return;
    let combinations: Record<string, string>[] = [{}];
    for (const label of spec.labels) {
      const values = this.sets.valuesOf(label) ?? [];
      combinations = combinations.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value })));
    }
    const counter = this.#registered() as Counter;
    for (const labels of combinations) counter.inc(labels, 0);
  }

  #texts(labels: AnyLabels): Record<string, string> {
    return Object.fromEntries(SERIES[this.key].labels.map((label) => [label, this.sets.textOf(label, labels[label])]));
  }

  #registered(): Counter | Gauge | Histogram {
    if (this.#metric !== undefined) return this.#metric;
    const { name, help, labels, type } = SERIES[this.key];
    const common = { name, help, labelNames: [...labels], registers: [this.registry] };
    if (type === 'counter') this.#metric = new Counter(common);
    else if (type === 'gauge') this.#metric = new Gauge({ ...common, collect: () => this.#collect() });
    else {
      const spec = SERIES[this.key];
      this.#metric = new Histogram({ ...common, ...('buckets' in spec ? { buckets: [...spec.buckets] } : {}) });
    }
    return this.#metric;
  }

  async #collect(): Promise<void> {
    if (this.#read === undefined) return;
    const gauge = this.#metric as Gauge;
    let readings: Iterable<readonly [AnyLabels, number]> = [];
    try {
      readings = await this.#read();
    } catch {
      // Missing from this answer: an alert on absence sees it, and the other series are still told.
    }
    gauge.reset();
    // A gauge without labels shows 0 after a reset, which would be a figure.
    if (SERIES[this.key].labels.length === 0) gauge.remove({});
    for (const [labels, value] of readings) gauge.set(this.#texts(labels), value);
  }
}
