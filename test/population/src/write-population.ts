import { createWriteStream, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';

import { inArrivalOrder } from './arrival.js';
import { collegeView } from './college/college-view.js';
import { nccisView } from './council/nccis-view.js';
import { rtofView } from './council/rtof-view.js';
import { citizenView } from './dwp/citizen-view.js';
import { rtiView } from './dwp/rti-view.js';
import { GREATEST_POPULATION } from './identifiers.js';
import type { Life } from './life.js';
import { Lives, STORY_BEGINS, STORY_ENDS } from './lives.js';
import { barsView } from './nhs/bars-view.js';
import { nhsCsvView } from './nhs/nhs-csv-view.js';
import { loadPlace } from './place.js';
import type { Place } from './place.js';
import { spoiltFiles } from './spoilt-files.js';
import type { ManifestEntry, PartnerView } from './submission.js';
import { withoutFault } from './identity-faults.js';
import type { IdentityFault } from './identity-faults.js';
import { UNTIDINESS } from './untidiness.js';
import type { UntidinessLevel } from './untidiness.js';

export interface PopulationOptions {
  /** Any text: the same seed, people and untidiness give the same bytes. */
  readonly seed: string;
  /** From 1 to 400,000. */
  readonly people: number;
  readonly untidiness: UntidinessLevel;
  /** What untidies who people are, and is left out of these files: all else stays as it is. */
  readonly without?: IdentityFault;
  /** Whether the council adds columns to its NCCIS extract that say who somebody is (`NCCIS_FURTHER_COLUMNS`). Default: it does not. */
  readonly councilColumns?: boolean;
  /** Folder to write to; created, and emptied of an earlier population. */
  readonly directory: string;
  /** Default: the place of the reference data's fictional postcode file. */
  readonly place?: Place;
  /** Called now and then with the number of lives told so far. */
  readonly progress?: (people: number) => void;
}

export interface PopulationSummary {
  readonly people: number;
  readonly submissions: readonly ManifestEntry[];
}

export const MANIFEST_FILE = 'manifest.jsonl';
export const TRUTH_FILE = 'truth.jsonl';
export const STORY_FILE = 'story.json';

const PROGRESS_EVERY = 1_000;

/** Thrown when a population cannot be made as asked for. */
export class PopulationError extends RangeError {
  override readonly name = 'PopulationError';
  readonly code = 'population-size';
}

/**
 * Tells every life once and lets each partner write down what it sees of it. Memory does not grow with the number of people:
 * payloads are streamed, and nothing is kept of a life once it has gone by.
 */
export async function writePopulation(options: PopulationOptions): Promise<PopulationSummary> {
  const { seed, people, directory } = options;
  if (!Number.isInteger(people) || people < 1 || people > GREATEST_POPULATION) {
    throw new PopulationError(`people is ${people}: give a whole number from 1 to ${GREATEST_POPULATION}`);
  }
  const place = options.place ?? loadPlace();
  const untidiness = withoutFault(UNTIDINESS[options.untidiness], options.without);
  for (const part of ['college', 'nhs', 'dwp', 'council', MANIFEST_FILE, TRUTH_FILE, STORY_FILE]) {
    rmSync(join(directory, part), { recursive: true, force: true });
  }
  mkdirSync(directory, { recursive: true });
  const views: readonly PartnerView<Life>[] = [
    collegeView(directory, seed, place, untidiness),
    barsView(directory, seed, untidiness),
    nhsCsvView(directory, seed, untidiness),
    citizenView(directory, seed, untidiness),
    rtiView(directory, seed, place, untidiness),
    rtofView(directory, seed, place, untidiness),
    nccisView(directory, seed, untidiness, options.councilColumns === true),
  ];
  const lives = new Lives(seed, place);
  const truth = createWriteStream(join(directory, TRUTH_FILE));
  for (let person = 0; person < people; person += 1) {
    const life = options.without?.life?.(lives.life(person)) ?? lives.life(person);
    for (const view of views) view.see(life);
    if (!truth.write(`${JSON.stringify(life)}\n`)) await once(truth, 'drain');
    if ((person + 1) % PROGRESS_EVERY === 0) options.progress?.(person + 1);
  }
  truth.end();
  await once(truth, 'close');
  const drafts = views.flatMap((view) => view.finish());
  const spoilt = untidiness.malformed > 0 ? spoiltFiles(directory, drafts) : [];
  const submissions = inArrivalOrder([...drafts, ...spoilt], seed, untidiness);
  writeFileSync(join(directory, MANIFEST_FILE), submissions.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
  writeFileSync(join(directory, STORY_FILE), `${JSON.stringify({ seed, people, untidiness: options.untidiness, begins: STORY_BEGINS, ends: STORY_ENDS })}\n`);
  return { people, submissions };
}
