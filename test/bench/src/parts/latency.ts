import { runPlatform } from '@throughline/test-journeys';
import { waitFor } from '@throughline/servers';
import { writePopulation } from '@throughline/test-population';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { percentile } from '../report/median.js';
import type { Section } from '../report/section.js';
import type { PartOptions } from './part.js';

const SIZES = { quick: { people: 200, submissions: 10 }, full: { people: 5_000, submissions: 200 } };
const TARGET_MS = 2_000;
const HEADER = 'row_reference,event,date,nhs_number,first_name,last_name,date_of_birth,postcode,from_ods,to_service,programme,status';
/** A month that no invented life reaches: every referral in it is the bench's own. */
const DAY = '2031-05-14';

/** From the first byte of one partner's submission to the figure that counts it. */
export async function latencyPart({ quick, progress }: PartOptions): Promise<Section[]> {
  const { people, submissions } = quick ? SIZES.quick : SIZES.full;
  const folder = await mkdtemp(join(tmpdir(), 'throughline-bench-sample-'));
  const running = await runPlatform();
  try {
    await writePopulation({ seed: 'bench', people, untidiness: 'ordinary', directory: folder });
    await running.load(folder);
    await running.cells();
    const cellsUrl = `${running.platform.url('outcomes')}/internal/cells?metric=referrals&month=${DAY.slice(0, 7)}`;
    const counted = async (): Promise<number> => {
      const { cells } = (await (await fetch(cellsUrl)).json()) as { cells: readonly { readonly count: number }[] };
      return cells.reduce((sum, { count }) => sum + count, 0);
    };
    const task = progress.start('Sending one submission after another', submissions, 'submissions');
    const receipts: number[] = [];
    const visible: number[] = [];
    for (let sent = 1; sent <= submissions; sent += 1) {
      const row = `B-${sent},referral,${DAY},,,,,,X9Z02,X9Z77,workwell,active`;
      const began = performance.now();
      const response = await fetch(`${running.adapterUrl('nhs')}/submissions?feed=nhs-csv&mode=commit&asOf=${new Date().toISOString()}`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: `${HEADER}\n${row}\n`,
      });
      if (response.status !== 202) throw new Error(`The NHS adapter answers ${response.status} ${await response.text()}`);
      await response.body?.cancel();
      receipts.push(performance.now() - began);
      await waitFor(async () => (await counted()) === sent, { what: `referral ${sent} to be counted`, everyMs: 2 });
      visible.push(performance.now() - began);
      task.update(sent);
    }
    task.finish();
    const row = (name: string, values: readonly number[]): string[] => [name, ...[0.5, 0.99, 1].map((share) => percentile(values, share).toFixed(0))];
    const slowest = percentile(visible, 1);
    return [
      {
        title: 'From a submission to its figure',
        method: `${submissions} submissions of one referral each to a running platform that holds ${people.toLocaleString('en-GB')} people, one at a time over HTTP; until /internal/cells, asked again and again, counts it. Milliseconds from before the request.`,
        columns: ['', 'p50 ms', 'p99 ms', 'slowest ms'],
        rows: [row('receipt (spooled and synced)', receipts), row('counted in the exact cell', visible)],
        verdicts: [{ target: `visible within ${TARGET_MS / 1_000} seconds`, measured: `${(slowest / 1_000).toFixed(2)} s the slowest`, met: slowest <= TARGET_MS }],
      },
    ];
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
