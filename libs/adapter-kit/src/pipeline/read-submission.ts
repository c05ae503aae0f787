import { FAULT_CODES, SubmissionRefused } from '../adapter-declaration.js';
import type { FeedDeclaration, MappingContext, PayloadFormat, ReadItem, ReadLimits, RecordFault, SectionHeader, SubmissionParameters } from '../adapter-declaration.js';
import { codeFault } from '../codes/event-codes.js';
import { coverageOf } from '../ledger/coverage.js';
import type { LedgerDraft, Verdict, Withdrawal } from '../ledger/ledger-draft.js';
import { MAX_SERIAL, revisionOf } from '../ledger/revision.js';
import type { FactPlace } from '../ledger/stored-word.js';
import type { RecordCounts } from '../ledger/submission-state.js';
import type { FactEvents, OutboxEvent, StatedFact } from './fact-events.js';

export interface ReadingOf {
  readonly feed: FeedDeclaration;
  readonly format: PayloadFormat;
  readonly parameters: SubmissionParameters;
  readonly limits: ReadLimits;
  readonly latestClock: Date;
  readonly payload: AsyncIterable<Uint8Array>;
  readonly draft: LedgerDraft;
  readonly events: FactEvents;
  readonly locate: MappingContext['locate'];
  /** Takes each event the log must hear, in order. */
  readonly emit: (event: OutboxEvent) => Promise<void> | undefined;
  /** Called every few records, so that requests get their turn. */
  readonly breathe: () => Promise<void> | undefined;
}

/** What one snapshot of a submission did to its scope. */
export interface SnapshotEffect {
  readonly scope: Buffer;
  readonly instant: number;
  readonly sequence: number;
  readonly withdrawn: number;
  readonly inForce: number;
}

export interface SubmissionRead {
  readonly counts: RecordCounts;
  readonly snapshots: readonly SnapshotEffect[];
}

/** Skips worth a line of their own in the report; the others are counted. */
const TOLD_SKIPS: Readonly<Record<string, { readonly expected: string; readonly remedy: string } | undefined>> = {
  superseded: {
    expected: 'a later clock than that of what is known (of two words of one clock one stands, the same everywhere)',
    remedy: 'A later statement of the source already stands; to correct it, send it with a later clock.',
  },
  'not-in-scope': { expected: 'a record that this feed is for', remedy: 'Nothing to do unless you expected it to count.' },
};

/**
 * Reads a payload once, from its first byte to its last, maps every record and asks the ledger what is new. Changes
 * nothing but the draft and what `emit` takes. Throws `SubmissionRefused` when the payload is not what it says.
 */
export async function readSubmission(reading: ReadingOf): Promise<SubmissionRead> {
  const { feed, parameters, format, limits, latestClock } = reading;
  const run = new SubmissionRun(reading);
  for await (const item of feed.read(reading.payload, { format, parameters, limits, latestClock })) {
    if (item.kind === 'section') await run.open(item.header);
    else await run.record(item);
    await reading.breathe();
  }
  return run.finish();
}

class SubmissionRun {
  readonly #reading: ReadingOf;
  readonly #snapshots: SnapshotEffect[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #counts = { received: 0, published: 0, refused: 0, eventsStated: 0, eventsWithdrawn: 0 };
  #section: SectionHeader | undefined;
  #lastOrdinal = 0;

  constructor(reading: ReadingOf) {
    this.#reading = reading;
  }

  async open(header: SectionHeader): Promise<void> {
    await this.#close();
    const { instant, serial } = header.clock;
    if (Number.isNaN(instant.getTime()) || !Number.isInteger(serial) || serial < 0 || serial > MAX_SERIAL) {
      throw new SubmissionRefused('bad-parameter', 'clock', `an instant and a serial number from 0 to ${MAX_SERIAL}`, 'Check when and under which number the source made the file.');
    }
    const { draft, events, latestClock } = this.#reading;
    // A reader finds it itself, at its place; none may forget to.
    if (instant > latestClock) throw new SubmissionRefused('bad-parameter', 'clock', 'an instant that is not in the future', 'Check when the source made the file.');
    this.#section = header;
    draft.openSection({ scope: events.scope(header.scope), revision: revisionOf(header.clock), coverage: coverageOf(header.absence, (part) => events.part(part)) });
  }

  async record(item: Exclude<ReadItem<unknown>, { kind: 'section' }>): Promise<void> {
    const { draft, events } = this.#reading;
    if (item.ordinal <= this.#lastOrdinal) throw new Error(`reader of ${this.#reading.feed.id}: record ordinals must rise`);
    this.#lastOrdinal = item.ordinal;
    this.#counts.received += 1;
    if (item.kind === 'unreadable') {
      this.#refuse(item.ordinal, item.reference === null ? null : events.subject(item.reference), item.fault);
      return;
    }
    await this.#map(item.ordinal, events.subject(item.reference), item.record, draft);
  }

  async finish(): Promise<SubmissionRead> {
    await this.#close();
    if (this.#section === undefined) throw new Error(`reader of ${this.#reading.feed.id} yielded no section`);
    const skipped = [...this.#skipped.values()].reduce((sum, count) => sum + count, 0);
    const counts = { ...this.#counts, skipped, skippedBecause: Object.fromEntries([...this.#skipped].sort()) };
    if (counts.received !== counts.published + counts.skipped + counts.refused) {
      throw new Error('conservation: a record has no fate');
    }
    return { counts, snapshots: this.#snapshots };
  }

  async #map(ordinal: number, subject: Buffer, record: unknown, draft: LedgerDraft): Promise<void> {
    const { feed, parameters, events, locate } = this.#reading;
    const section = this.#current();
    const outcome = feed.toEvents(record, {
      parameters,
      section,
      subject,
      factId: (key) => events.factId(key, section, subject),
      keyed: (kind, ...parts) => events.keyed(kind, parts),
      locate,
    });
    if (outcome.fate === 'refused') return this.#refuse(ordinal, subject, outcome.fault);
    if (outcome.fate === 'skipped') {
      draft.markRead(subject);
      return this.#skip(ordinal, outcome.reason);
    }
    const identity = outcome.identity === null ? null : events.identity(outcome.identity, section, subject);
    if (identity !== null && 'code' in identity) return this.#refuse(ordinal, subject, identity);
    const fault = codeFault(feed, outcome);
    if (fault !== null) return this.#refuse(ordinal, subject, fault);
    draft.markRead(subject);
    const stated = outcome.facts.map((fact) => events.fact(fact, section, subject));
    const verdicts = [
      ...(await this.#takeBack((outcome.withdrawn ?? []).map((key) => events.place(key, section, subject)), ordinal)),
      ...(await this.#state(identity === null ? stated : [identity, ...stated], ordinal)),
    ];
    if (verdicts.includes('publish')) this.#counts.published += 1;
    else if (verdicts.length === 0) this.#skip(ordinal, 'nothing-to-say');
    else this.#skip(ordinal, verdicts.includes('superseded') ? 'superseded' : 'unchanged');
  }

  async #state(facts: readonly StatedFact[], ordinal: number): Promise<Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const fact of facts) {
      const verdict = this.#reading.draft.state(fact.place, fact.contentHash);
      verdicts.push(verdict);
      if (verdict !== 'publish') continue;
      this.#counts.eventsStated += 1;
      await this.#reading.emit(fact.encode(ordinal));
    }
    return verdicts;
  }

  async #takeBack(places: readonly FactPlace[], ordinal: number): Promise<Verdict[]> {
    const revision = revisionOf(this.#current().clock);
    const verdicts: Verdict[] = [];
    for (const place of places) {
      const verdict = this.#reading.draft.takeBack(place);
      verdicts.push(verdict);
      if (verdict === 'publish') await this.#withdraw({ ...place, revision }, ordinal);
    }
    return verdicts;
  }

  async #withdraw(withdrawal: Withdrawal, ordinal: number): Promise<void> {
    this.#counts.eventsWithdrawn += 1;
    await this.#reading.emit(this.#reading.events.withdrawal(withdrawal, ordinal));
  }

  #refuse(ordinal: number, subject: Buffer | null, fault: RecordFault): void {
    // A code outside the closed list would become a metric label and a dead letter.
    if (!FAULT_CODES.includes(fault.code)) throw new Error(`${this.#reading.feed.id}: fault code is not in FAULT_CODES`);
    this.#current();
    this.#counts.refused += 1;
    this.#reading.draft.markRefused(subject);
    const { code, path, expected, remedy } = fault;
    this.#reading.draft.addFinding({ ordinal, fate: 'refused', code, path, expected, remedy });
  }

  #skip(ordinal: number, reason: string): void {
    this.#skipped.set(reason, (this.#skipped.get(reason) ?? 0) + 1);
    const told = TOLD_SKIPS[reason];
    if (told !== undefined) this.#reading.draft.addFinding({ ordinal, fate: 'skipped', code: reason, path: 'record', ...told });
  }

  #current(): SectionHeader {
    if (this.#section === undefined) throw new Error(`reader of ${this.#reading.feed.id}: a section must come before its records`);
    return this.#section;
  }

  async #close(): Promise<void> {
    const section = this.#section;
    if (section === undefined) return;
    const { draft, events, breathe } = this.#reading;
    const pages = draft.closeSection();
    for (let next = pages.next(); ; next = pages.next()) {
      if (next.done === true) {
        if (section.absence.speaks) {
          this.#snapshots.push({ scope: events.scope(section.scope), ...revisionOf(section.clock), withdrawn: next.value.withdrawn, inForce: next.value.held });
        }
        return;
      }
      for (const withdrawal of next.value) await this.#withdraw(withdrawal, 0);
      await breathe();
    }
  }
}
