import { asPayload } from '@throughline/adapter-kit/testing';
import type { DrillOptions, DrillReport } from '@throughline/test-chaos';
import { randomOf } from '@throughline/test-population';
import { OpenPartners, requestOf } from './feed-files.js';
import type { FeedFile } from './feed-files.js';
import { poisoned } from './poison.js';
import type { PoisonedFile } from './poison.js';

const PEOPLE = 150;

interface Sums {
  received: number;
  published: number;
  skipped: number;
  refused: number;
  spoilt: number;
  files: number;
  'files refused whole': number;
}

/**
 * A trial: a record. Files of all feeds, a tenth of their records spoilt, through intake, reading, mapping, ledger and
 * publishing: each record is published, skipped or refused, and each refusal has one dead letter.
 */
export async function conservation({ trials, seed, onTrial, signal }: DrillOptions): Promise<DrillReport> {
  const partners = await OpenPartners.open();
  const anomalies: string[] = [];
  const kinds = new Set<string>();
  const sums: Sums = { received: 0, published: 0, skipped: 0, refused: 0, spoilt: 0, files: 0, 'files refused whole': 0 };
  try {
    const random = randomOf('conservation', seed);
    for (let round = 0; sums.received < trials; round += 1) {
      for (const file of await partners.files(`${seed} ${round}`, PEOPLE)) {
        signal?.throwIfAborted();
        const spoilt = poisoned(file.text, file.entry.mediaType, random);
        for (const kind of spoilt.kinds) kinds.add(kind);
        anomalies.push(...(await sent(partners, file, spoilt, sums)));
        onTrial?.(sums.received);
      }
    }
  } finally {
    await partners.close();
  }
  return { trials: sums.received, anomalies, counts: { ...sums, 'kinds of spoiling': kinds.size } };
}

async function sent(partners: OpenPartners, { entry }: FeedFile, { text, records, spoilt }: PoisonedFile, sums: Sums): Promise<string[]> {
  const adapter = partners.adapter(entry.deployment);
  const { intake, pipeline, ledger } = adapter.open;
  const { submissionId } = await intake.accept(asPayload(text), requestOf(entry));
  const state = await pipeline.settled(submissionId);
  // What is refused is settled before its dead letter is on its way.
  while (pipeline.oldestWaiting() !== undefined) await new Promise((resolve) => setImmediate(resolve));
  const letters = adapter.sink.letters.filter(({ submission }) => submission === submissionId);
  adapter.sink.letters.length = 0;
  adapter.sink.records.length = 0;
  sums.files += 1;
  const wrong = (what: string) => [`${entry.file}: ${what}`];
  if (letters.some(({ code, remedy }) => code === '' || remedy === '')) return wrong('a dead letter without code or remedy');
  if (state === 'refused') {
    sums['files refused whole'] += 1;
    return letters.length === 1 && letters[0]!.record === undefined ? [] : wrong(`refused whole with ${letters.length} dead letters`);
  }
  const counts = pipeline.job(submissionId)?.detail.counts;
  if (state !== 'published' || counts === undefined || counts === null) return wrong(`is ${state}`);
  const { received, published, skipped, refused } = counts;
  sums.received += received;
  sums.published += published;
  sums.skipped += skipped;
  sums.refused += refused;
  sums.spoilt += spoilt;
  if (received !== records) return wrong(`${received} received of ${records} records`);
  if (received !== published + skipped + refused) return wrong(`${received} received, ${published} published, ${skipped} skipped, ${refused} refused`);
  const ordinals = new Set([...ledger.findings(submissionId)].filter(({ fate }) => fate === 'refused').map(({ ordinal }) => ordinal));
  const told = new Set(letters.map(({ record }) => record));
  return ordinals.size === refused && letters.length === refused && told.size === refused && [...ordinals].every((ordinal) => told.has(ordinal))
    ? []
    : wrong(`${refused} refused, ${ordinals.size} of them found, ${letters.length} dead letters`);
}
