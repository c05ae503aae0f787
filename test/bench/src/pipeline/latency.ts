import type { Progress } from '@throughline/servers';
import { waitFor } from '@throughline/servers';
import { PARTICIPANT_BUCKETS, RedisConnection } from '@throughline/state-store';
import type { RunningPlatform } from '@throughline/test-journeys';
import { logSize } from './log-size.js';
import { bareReferral, referralsFile } from './referral-rows.js';
import { SteadyLoad } from './steady-load.js';

/** Submissions by which it is found out how many events a row makes. */
const TRIED_SUBMISSIONS = 10;
/** No probe is sent after so long: under a load that is too much each would wait longer than the one before, without end. */
const LAST_PROBE_AFTER_MS = 60_000;

/** Milliseconds from before the request, one for each submission. */
export interface Latencies {
  /** Until the receipt: spooled and synced. */
  readonly receipts: readonly number[];
  /** Until the exact cell in the store counts it. */
  readonly counted: readonly number[];
  /** Events a second that came to the log meanwhile. */
  readonly eventsPerSecond: number;
}

/** Probes of one referral each, one after the other, each until it is counted. */
export class LatencyProbes {
  constructor(
    private readonly running: RunningPlatform,
    private readonly progress: Progress,
  ) {}

  /**
   * @param month YYYY-MM that nobody else refers anybody in, for a cell that counts the probes alone
   * @param submissions at most: fewer where they take more than a minute
   */
  async measure(month: string, submissions: number): Promise<Latencies> {
    const task = this.progress.start(`Sending one submission after another (${month})`, submissions, 'submissions');
    const store = new RedisConnection({ url: this.running.platform.redisUrl });
    try {
      const counted = await this.#counter(store, month);
      const before = await logSize(this.running.platform.kafkaBrokers);
      const start = performance.now();
      const latencies: { receipts: number[]; counted: number[] } = { receipts: [], counted: [] };
      for (let probe = 1; probe <= submissions && performance.now() - start < LAST_PROBE_AFTER_MS; probe += 1) {
        const began = performance.now();
        await this.#send(referralsFile([bareReferral(`P-${month}-${probe}`, `${month}-14`)]));
        latencies.receipts.push(performance.now() - began);
        // The first one, sent to find the cell, is in it.
        await waitFor(async () => (await counted()) === probe + 1, { what: `probe ${probe} to be counted`, everyMs: 5, timeoutMs: 120_000 });
        latencies.counted.push(performance.now() - began);
        task.update(probe);
      }
      const seconds = (performance.now() - start) / 1_000;
      return { ...latencies, eventsPerSecond: ((await logSize(this.running.platform.kafkaBrokers)) - before) / seconds };
    } finally {
      task.finish();
      await store.close();
    }
  }

  /** The same while new people are referred, so many events a second. */
  async measureUnder(eventsPerSecond: number, month: string, submissions: number): Promise<Latencies> {
    const load = new SteadyLoad((file) => this.#send(file));
    const before = await logSize(this.running.platform.kafkaBrokers);
    const rows = await load.burst(TRIED_SUBMISSIONS);
    await this.running.cells();
    const eventsPerRow = ((await logSize(this.running.platform.kafkaBrokers)) - before) / rows;
    load.start(eventsPerSecond / eventsPerRow);
    try {
      return await this.measure(month, submissions);
    } finally {
      await load.stop();
    }
  }

  /**
   * Reads how many probes are counted. The store itself is asked for the one cell: the service answers by reading it, and asking
   * the service hundreds of times a second would be most of what is measured.
   */
  async #counter(store: RedisConnection, month: string): Promise<() => Promise<number>> {
    await this.#send(referralsFile([bareReferral(`P-${month}-0`, `${month}-14`)]));
    const url = `${this.running.platform.url('outcomes')}/internal/cells?metric=referrals&month=${month}`;
    const key = await waitFor(
      async () => ((await (await fetch(url)).json()) as { cells: readonly { readonly key: string }[] }).cells[0]?.key,
      { what: 'the first probe to be counted', timeoutMs: 120_000 },
    );
    const hashes: Buffer[] = [];
    for await (const page of store.keys('g*:{b*}:cells')) hashes.push(...page);
    if (hashes.length !== PARTICIPANT_BUCKETS) throw new Error(`The store holds cells in ${hashes.length} buckets instead of ${PARTICIPANT_BUCKETS}.`);
    return async () => (await Promise.all(hashes.map((hash) => store.command('HGET', hash, key)))).reduce<number>((sum, count) => sum + Number(count ?? 0), 0);
  }

  async #send(file: string): Promise<void> {
    const response = await fetch(`${this.running.adapterUrl('nhs')}/submissions?feed=nhs-csv&mode=commit&asOf=${new Date().toISOString()}`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: file,
    });
    if (response.status !== 202) throw new Error(`The NHS adapter answers ${response.status} ${await response.text()}`);
    await response.body?.cancel();
  }
}
