import { describe, expect, it } from '@jest/globals';
import { LABELS } from './labels.js';
import { SERIES, SERVICE_KINDS } from './series.js';
import type { SeriesKey } from './series.js';
import { createTelemetry } from './telemetry.js';
import type { Telemetry, TelemetryOptions } from './telemetry.js';

const make = (options: Partial<TelemetryOptions> = {}): Telemetry =>
  createTelemetry({
    service: 'college-adapter',
    kind: 'adapter',
    build: { version: '1.2.3', revision: '0123456789abcdef0123456789abcdef01234567' },
    declare: { feed: ['ilr'], code: ['bad-date'], partner: ['riverside-college'], deployment: ['college'] },
    runtimeSeries: false,
    ...options,
  });
const lines = async (telemetry: Telemetry): Promise<string[]> => (await telemetry.expose()).body.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const valueOf = async (telemetry: Telemetry, start: string): Promise<string[]> => (await lines(telemetry)).filter((line) => line.startsWith(start));

describe('the list of series', () => {
  const all = Object.entries(SERIES);

  it('names each series once, by the conventions of Prometheus', () => {
    expect(new Set(all.map(([, { name }]) => name)).size).toBe(all.length);
    for (const [, { name, type, help, from }] of all) {
      expect(name).toMatch(/^throughline_[a-z]+(_[a-z]+)*$/);
      expect(name.endsWith('_total')).toBe(type === 'counter');
      if (type === 'histogram') expect(name).toMatch(/_seconds$/);
      expect(help).toMatch(/\.$/);
      expect(from.length).toBeGreaterThan(0);
    }
  });

  it('has no label that could name a person, a record or a file', () => {
    expect(Object.keys(LABELS).sort()).toEqual([
      'code', 'deployment', 'fate', 'feed', 'guard', 'kind', 'outcome', 'partition', 'partner', 'revision', 'stage', 'version', 'volume',
    ]);
  });

  it('gives every series a handle', () => {
    const telemetry = make();
    for (const key of Object.keys(SERIES) as SeriesKey[]) expect(telemetry[key]).toBeDefined();
  });
});

describe('createTelemetry', () => {
  it('counts, sets and observes under the labels given, with the service on every series', async () => {
    const telemetry = make();
    telemetry.records.add({ feed: 'ilr', fate: 'published', code: 'none' }, 3);
    telemetry.records.add({ feed: 'ilr', fate: 'published', code: 'none' });
    telemetry.records.add({ feed: 'ilr', fate: 'refused', code: 'bad-date' });
    telemetry.spoolBytes.set({}, 42);
    telemetry.consumerLag.set({ deployment: 'college', partition: 11 }, 7);
    telemetry.publishBatchSeconds.observe({}, 0.02);
    expect(await valueOf(telemetry, 'throughline_records_total')).toEqual([
      'throughline_records_total{feed="ilr",fate="published",code="none",service="college-adapter"} 4',
      'throughline_records_total{feed="ilr",fate="refused",code="bad-date",service="college-adapter"} 1',
    ]);
    expect(await valueOf(telemetry, 'throughline_spool_bytes')).toEqual(['throughline_spool_bytes{service="college-adapter"} 42']);
    expect(await valueOf(telemetry, 'throughline_consumer_lag')).toEqual([
      'throughline_consumer_lag_events{deployment="college",partition="11",service="college-adapter"} 7',
    ]);
    expect(await valueOf(telemetry, 'throughline_publish_batch_seconds_bucket{le="0.025"')).toEqual([
      'throughline_publish_batch_seconds_bucket{le="0.025",service="college-adapter"} 1',
    ]);
    expect(await valueOf(telemetry, 'throughline_telemetry_labels_refused')).toEqual(['throughline_telemetry_labels_refused_total{service="college-adapter"} 0']);
  });

  it('counts what is in no closed set under "other", tells, and lets the value out nowhere', async () => {
    const telemetry = make();
    telemetry.records.add({ feed: 'AB123456C', fate: 'published', code: 'none' });
    telemetry.records.add({ feed: 'ilr', fate: 'Smith' as 'refused', code: 'bad-date' });
    telemetry.consumerLag.set({ deployment: 'college', partition: 256 }, 1);
    telemetry.consumerLag.set({ deployment: 'college', partition: 1.5 }, 1);
    telemetry.consumerLag.set({ deployment: 'nhs', partition: 0 }, 1);
    const { body } = await telemetry.expose();
    expect(body).not.toMatch(/AB123456C|Smith|256|1\.5|nhs/);
    expect(await valueOf(telemetry, 'throughline_records_total')).toEqual([
      'throughline_records_total{feed="other",fate="published",code="none",service="college-adapter"} 1',
      'throughline_records_total{feed="ilr",fate="other",code="bad-date",service="college-adapter"} 1',
    ]);
    expect(await valueOf(telemetry, 'throughline_telemetry_labels_refused')).toEqual(['throughline_telemetry_labels_refused_total{service="college-adapter"} 5']);
  });

  it('takes further values once they are declared', async () => {
    const telemetry = make();
    telemetry.declare('deployment', ['nhs']);
    telemetry.eventsConsumed.add({ deployment: 'nhs' }, 2);
    telemetry.eventsConsumed.add({ deployment: 'college' });
    expect(await valueOf(telemetry, 'throughline_events_consumed')).toEqual([
      'throughline_events_consumed_total{deployment="nhs",service="college-adapter"} 2',
      'throughline_events_consumed_total{deployment="college",service="college-adapter"} 1',
    ]);
  });

  it.each(['8429141456', 'learner-10000001', 'a b', '', 'Ünal', 'x'.repeat(65), 'file.csv/1'])('refuses to declare %j', (value) => {
    const telemetry = make();
    expect(() => telemetry.declare('partner', [value])).toThrow(expect.objectContaining({ code: 'LABEL_NOT_A_NAME' }));
    expect(() => make({ declare: { feed: [value] } })).toThrow(expect.objectContaining({ code: 'LABEL_NOT_A_NAME' }));
  });

  it('shows counters at zero before their first step, also for what is declared later', async () => {
    const telemetry = make();
    expect(await valueOf(telemetry, 'throughline_dead_letters')).toEqual(
      ['intake', 'consume', 'link', 'reconcile'].map((stage) => `throughline_dead_letters_total{stage="${stage}",service="college-adapter"} 0`),
    );
    telemetry.submissions.add({ feed: 'ilr', outcome: 'accepted' });
    telemetry.declare('feed', ['rtof']);
    const submissions = await valueOf(telemetry, 'throughline_submissions_total');
    expect(submissions).toHaveLength(10);
    expect(submissions).toContain('throughline_submissions_total{feed="ilr",outcome="accepted",service="college-adapter"} 1');
    expect(submissions).toContain('throughline_submissions_total{feed="rtof",outcome="accepted",service="college-adapter"} 0');
  });

  it.each(SERVICE_KINDS)('shows %s no series of another kind of service, and no figure that nobody gave', async (kind) => {
    const telemetry = make({ kind });
    const shown = new Set((await lines(telemetry)).map((line) => line.split('{')[0]));
    for (const { name, from } of Object.values(SERIES)) {
      if (!(from as readonly string[]).includes(kind)) expect(shown).not.toContain(name);
    }
    expect(shown).not.toContain('throughline_view_complete');
    expect(shown).not.toContain('throughline_spool_bytes');
  });

  it('reads at each scrape what changes by itself, and forgets what is gone', async () => {
    const telemetry = make();
    const held = new Map([['ilr', 1]]);
    telemetry.submissionsHeld.readAtScrape(() => [...held].map(([feed, count]) => [{ feed }, count] as const));
    let age = 5;
    telemetry.spoolAge.readAtScrape(async () => [[{}, age]]);
    expect(await valueOf(telemetry, 'throughline_submissions_held')).toEqual(['throughline_submissions_held{feed="ilr",service="college-adapter"} 1']);
    expect(await valueOf(telemetry, 'throughline_spool_oldest')).toEqual(['throughline_spool_oldest_unpublished_age_seconds{service="college-adapter"} 5']);
    held.clear();
    age = 6;
    expect(await valueOf(telemetry, 'throughline_submissions_held')).toEqual([]);
    expect(await valueOf(telemetry, 'throughline_spool_oldest')).toEqual(['throughline_spool_oldest_unpublished_age_seconds{service="college-adapter"} 6']);
  });

  it('leaves out a series whose reading fails, and tells the others', async () => {
    const telemetry = make({ kind: 'outcomes', service: 'outcomes' });
    let away = false;
    telemetry.dirtyMarks.readAtScrape(() => {
      if (away) throw new Error('Redis is away');
      return [[{}, 3]];
    });
    telemetry.viewComplete.set({}, 1);
    expect(await valueOf(telemetry, 'throughline_dirty_marks')).toEqual(['throughline_dirty_marks{service="outcomes"} 3']);
    away = true;
    expect(await valueOf(telemetry, 'throughline_dirty_marks')).toEqual([]);
    expect(await valueOf(telemetry, 'throughline_view_complete')).toEqual(['throughline_view_complete{service="outcomes"} 1']);
  });

  it('removes a partition that is no longer ours', async () => {
    const telemetry = make({ kind: 'outcomes' });
    telemetry.consumerLag.set({ deployment: 'college', partition: 1 }, 5);
    telemetry.consumerLag.set({ deployment: 'college', partition: 2 }, 6);
    telemetry.consumerLag.remove({ deployment: 'college', partition: 1 });
    expect(await valueOf(telemetry, 'throughline_consumer_lag')).toHaveLength(1);
  });

  it('tells the build, and Node’s own series unless told not to', async () => {
    expect(await valueOf(make(), 'throughline_build_info')).toEqual([
      'throughline_build_info{version="1.2.3",revision="0123456789abcdef0123456789abcdef01234567",service="college-adapter"} 1',
    ]);
    expect(await valueOf(make(), 'process_')).toEqual([]);
    expect((await valueOf(make({ runtimeSeries: true }), 'process_')).length).toBeGreaterThan(0);
  });
});
