import { createHash } from 'node:crypto';

import { ReferenceHasher } from '@throughline/identity';

import type { Decision } from './decisions.js';
import { figuresOf } from './figures.js';
import { Ledger } from './in-force.js';
import type { InForce } from './in-force.js';
import type { AnyFact } from './jobs.js';
import { livedCells } from './lived.js';
import { sentFiles } from './manifest.js';
import { peopleOf } from './people.js';
import { loadPlaces } from './places.js';
import type { Places } from './places.js';
import type { NccisColumns } from './readers/nccis.js';
import { readFile } from './readers/read-file.js';
import type { Fates } from './told.js';

export type Cells = Map<string, number>;

export interface RecountOptions {
  /** Agreement under which each feed is sent. Default: `dsa-<feed>-2026`. */
  readonly agreements?: Readonly<Record<string, string>>;
  /**
   * Each deployment's partner and reference key, as its adapter has them. Only the order of facts that are equal in every other
   * respect depends on it; without it that order is an arbitrary one of this package's own.
   */
  readonly partnersByDeployment?: Readonly<Record<string, { readonly partner: string; readonly referenceKey: Uint8Array }>>;
  readonly places?: Places;
  /** What operators decided on who is who; they name subjects, so that `partnersByDeployment` is needed too. Default: nothing. */
  readonly decisions?: readonly Decision[];
  /** Columns that the council adds to its NCCIS extract, by what they hold. Default: none. */
  readonly nccisColumns?: NccisColumns;
  /** Another way of counting the same facts, to lay beside this package's own. */
  readonly figures?: Figures;
  /** Leaves out what each partner alone could have known and what was lived, which cost as much again. */
  readonly knowableOnly?: boolean;
}

export interface Recount {
  /** What a perfect reader of all these files would know under the stated rules. */
  readonly knowable: Cells;
  /** What truly happened; empty where the folder holds no truth. */
  readonly lived: Cells;
  /** What each deployment could have known from its own files alone. */
  readonly alone: ReadonlyMap<string, Cells>;
  /** What has to become of the records of each file; null: refused whole. */
  readonly fates: ReadonlyMap<string, Fates | null>;
  /** Facts whose value no rule decides: two words of one clock. To be 0 in what the generator writes. */
  readonly ambiguous: number;
  readonly people: number;
}

type FactId = (fact: InForce) => string;
type Hashers = ReadonlyMap<string, ReferenceHasher>;

const hashersOf = (partners: RecountOptions['partnersByDeployment']): Hashers =>
  new Map(Object.entries(partners ?? {}).map(([deployment, { partner, referenceKey }]) => [deployment, new ReferenceHasher(partner, referenceKey)]));

function factIds(hashers: Hashers): FactId {
  return (fact) => {
    const hasher = hashers.get(fact.deployment);
    if (hasher === undefined) return createHash('sha256').update(JSON.stringify([fact.deployment, fact.system, fact.reference, fact.name])).digest('hex');
    const subject = hasher.subject(fact.system, fact.reference);
    return hasher.factId(fact.system, fact.scope, subject, fact.body.type, ...fact.key).toString('hex');
  };
}

/** Counts one person's cells. */
export type Figures = (facts: readonly AnyFact[]) => ReadonlyMap<string, number>;

function cellsOf(ledger: Ledger, hashers: Hashers, decisions: readonly Decision[], figures: Figures): { readonly cells: Cells; readonly people: number } {
  const factId = factIds(hashers);
  const idOf = ([fact]: readonly InForce[]): string | null => (fact === undefined ? null : (hashers.get(fact.deployment)?.subject(fact.system, fact.reference).toString('hex') ?? null));
  const subjects = [...ledger.subjects()].map((facts) => ({ id: decisions.length === 0 ? null : idOf(facts), facts }));
  const cells: Cells = new Map();
  const people = peopleOf(subjects, decisions);
  for (const person of people) {
    const facts: AnyFact[] = person.flatMap((subject) => subject.facts.map((fact) => ({ ...fact, id: factId(fact) })));
    for (const [cell, count] of figures(facts)) cells.set(cell, (cells.get(cell) ?? 0) + count);
  }
  return { cells, people: people.length };
}

/**
 * Counts again, from the partners' raw files and by code of its own, what the platform has to show.
 * @param directory a folder with `manifest.jsonl` and the files it names.
 */
export function recount(directory: string, options: RecountOptions = {}): Recount {
  const places = options.places ?? loadPlaces();
  const hashers = hashersOf(options.partnersByDeployment);
  const decisions = options.decisions ?? [];
  const figures = options.figures ?? figuresOf;
  const whole = new Ledger();
  const apart = new Map<string, Ledger>();
  const fates = new Map<string, Fates | null>();
  for (const sent of sentFiles(directory)) {
    const reading = readFile(directory, sent, places, options.nccisColumns ?? {});
    fates.set(sent.file, reading.refusedWhole ? null : reading.fates);
    if (reading.refusedWhole) continue;
    const origin = {
      deployment: sent.deployment,
      system: sent.feed,
      agreement: options.agreements?.[sent.feed] ?? `dsa-${sent.feed}-2026`,
      programme: sent.programme,
    };
    const own = apart.get(sent.deployment) ?? new Ledger();
    apart.set(sent.deployment, own);
    for (const section of reading.sections) {
      whole.hear(section, origin);
      if (options.knowableOnly !== true) own.hear(section, origin);
    }
  }
  const { cells: knowable, people } = cellsOf(whole, hashers, decisions, figures);
  const alone = new Map<string, Cells>();
  const lived: Cells = options.knowableOnly === true ? new Map<string, number>() : livedCells(directory);
  if (options.knowableOnly !== true) for (const [deployment, ledger] of apart) alone.set(deployment, cellsOf(ledger, hashers, decisions, figures).cells);
  return { knowable, lived, alone, fates, ambiguous: whole.ambiguous, people };
}
