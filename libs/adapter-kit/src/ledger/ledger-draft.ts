import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { WITHDRAWN_CONTENT_HASH } from '@throughline/identity';
import { coverageFromText, covers, coverageToText } from './coverage.js';
import type { Coverable, Coverage } from './coverage.js';
import { DRAFT_TABLES } from './ledger-tables.js';
import { compareRevisions } from './revision.js';
import type { Revision } from './revision.js';
import { daysOfWord, placeOfWord } from './stored-word.js';
import type { FactPlace, StoredWord } from './stored-word.js';

/** A word taken back: what a withdrawal event is made of. */
export interface Withdrawal extends FactPlace {
  readonly revision: Revision;
}

/** `publish`: the log must hear it. `unchanged`: it knows. `superseded`: a newer word or snapshot stands. */
export type Verdict = 'publish' | 'unchanged' | 'superseded';

/** One record's line in a report. */
export interface Finding {
  readonly ordinal: number;
  readonly fate: 'refused' | 'skipped';
  readonly code: string;
  readonly path: string;
  readonly expected: string;
  readonly remedy: string;
}

export interface SectionOpening {
  readonly scope: Buffer;
  readonly revision: Revision;
  /** Null: absence says nothing. */
  readonly coverage: Coverage | null;
}

/** What a snapshot did to its scope. */
export interface SectionClosing {
  readonly withdrawn: number;
  /** Facts of the scope in force before the submission. */
  readonly held: number;
}

/** An accepted snapshot, or one of this draft: negative ids are the draft's. */
interface KnownSection {
  readonly id: number;
  readonly coverage: Coverage;
  readonly complete: boolean;
}

/** Words looked through at once for absence; between pages others get their turn. */
const PAGE = 1_000;

/**
 * What one submission would change in the ledger, kept beside it: the same for a submission that is published and for one
 * that is only validated. Rules: decision 0002. Sections are opened and closed one after the other.
 */
export class LedgerDraft {
  readonly #sql: ReturnType<typeof statements>;
  readonly #submission: Buffer;
  readonly #again: boolean;
  #section: (SectionOpening & { readonly id: number; complete: boolean }) | undefined;
  #newer = new Map<string, readonly KnownSection[]>();
  #lastId = 0;

  /**
   * @param again the submission was read before and what it said may not have gone out: a fact that it states as the ledger
   * knows it goes out though a later submission, which found it unchanged, has the latest word.
   */
  constructor(database: DatabaseSync, submission: Buffer, again = false) {
    for (const table of DRAFT_TABLES) database.exec(`DELETE FROM temp.${table}`);
    this.#sql = statements(database);
    this.#submission = submission;
    this.#again = again;
  }

  openSection(opening: SectionOpening): void {
    this.#lastId -= 1;
    this.#section = { ...opening, id: this.#lastId, complete: true };
    this.#newer = new Map();
  }

  /** A record of that subject was read, whatever it said. */
  markRead(subject: Buffer): void {
    const section = this.#open();
    if (section.coverage !== null) this.#sql.addReading.run(section.id, subject);
  }

  /** A record was refused; null: not even whose it is could be read. */
  markRefused(subject: Buffer | null): void {
    const section = this.#open();
    if (subject === null) section.complete = false;
    else if (section.coverage !== null) this.#sql.addRefusal.run(section.id, subject);
  }

  addFinding(finding: Finding): void {
    this.#sql.addFinding.run(this.#submission, finding.ordinal, finding.fate, finding.code, finding.path, finding.expected, finding.remedy);
  }

  /** A fact as the source states it at the section's clock. */
  state(place: FactPlace & Coverable, hash: Buffer): Verdict {
    const { revision } = this.#open();
    if (this.#silenced(place, revision)) return this.#again && this.#knownLater(place.fact, revision, hash) ? 'publish' : 'superseded';
    const known = this.#word(place.fact);
    if (known !== undefined) {
      const order = compareRevisions(revision, known);
      const sameContent = known.stated === 1 && hash.equals(known.hash);
      if (order === 0 && sameContent) return 'unchanged';
      if (order < 0 && sameContent && this.#again) return 'publish';
      if (order < 0 || (order === 0 && hash.compare(known.hash) < 0)) return 'superseded';
      this.#put(place, revision, hash, true);
      return sameContent ? 'unchanged' : 'publish';
    }
    this.#put(place, revision, hash, true);
    return 'publish';
  }

  #knownLater(fact: Buffer, revision: Revision, hash: Buffer): boolean {
    const known = this.#word(fact);
    return known !== undefined && known.stated === 1 && hash.equals(known.hash) && compareRevisions(revision, known) < 0;
  }

  /** A fact the source takes back by name. Kept also where nothing is known of it: an older statement may yet arrive. */
  takeBack(place: FactPlace): Verdict {
    const { revision } = this.#open();
    const known = this.#word(place.fact);
    // At an equal revision a statement wins, as it does wherever the log is read.
    if (known !== undefined && compareRevisions(revision, known) <= 0) {
      return known.stated === 0 && compareRevisions(revision, known) === 0 ? 'unchanged' : 'superseded';
    }
    const days = place.days ?? daysOfWord(known);
    this.#put({ ...place, days, family: place.family ?? known?.family ?? null }, revision, WITHDRAWN_CONTENT_HASH, false);
    return known?.stated === 0 ? 'unchanged' : 'publish';
  }

  /** Ends the section. Yields what its silence withdraws, in pages; the last value says how much that was. */
  *closeSection(): Generator<readonly Withdrawal[], SectionClosing, void> {
    const section = this.#open();
    this.#section = undefined;
    const { scope, revision, coverage } = section;
    if (coverage === null) return { withdrawn: 0, held: 0 };
    this.#sql.addSection.run(section.id, scope, revision.instant, revision.sequence, coverageToText(coverage), section.complete ? 1 : 0, this.#submission);
    const known: KnownSection = { id: section.id, coverage, complete: section.complete };
    const held = (this.#sql.countScope.get(scope) as { held: number }).held;
    let withdrawn = 0;
    for (const page of [this.#sql.pageOfScope, this.#sql.pageOfDraft]) {
      // Less than any id; an empty value would be bound as NULL.
      let after: Uint8Array = Buffer.alloc(1);
      for (;;) {
        const words = page.all(scope, after, revision.instant, revision.instant, revision.sequence) as unknown as StoredWord[];
        const last = words.at(-1);
        if (last === undefined) break;
        after = last.fact;
        const gone = words.filter((word) => this.#absent(word, known)).map((word) => this.#withdraw(word, revision));
        withdrawn += gone.length;
        yield gone;
      }
    }
    // A complete snapshot needs no list of whom it read: whom it did not refuse it has spoken for.
    if (section.complete) this.#sql.dropReadings.run(section.id);
    return { withdrawn, held };
  }

  #open(): SectionOpening & { readonly id: number; complete: boolean } {
    if (this.#section === undefined) throw new Error('no section is open: a reader yields a section before its records');
    return this.#section;
  }

  #word(fact: Buffer): StoredWord | undefined {
    return (this.#sql.draftWord.get(fact) ?? this.#sql.word.get(fact)) as StoredWord | undefined;
  }

  #put(place: FactPlace, revision: Revision, hash: Uint8Array, stated: boolean): void {
    const { fact, scope, subject, type, days, family } = place;
    this.#sql.put.run(fact, scope, subject, type, days?.first ?? null, days?.last ?? null, family, revision.instant, revision.sequence, hash, stated ? 1 : 0, this.#submission);
  }

  #withdraw(word: StoredWord, revision: Revision): Withdrawal {
    const place = placeOfWord(word);
    this.#put(place, revision, WITHDRAWN_CONTENT_HASH, false);
    return { ...place, revision };
  }

  #absent(word: StoredWord, section: KnownSection): boolean {
    const days = daysOfWord(word);
    return days !== null && covers(section.coverage, { days, family: word.family }) && this.#speaksFor(section, word.subject);
  }

  /** Whether a newer snapshot already said that this fact is not so. */
  #silenced(place: FactPlace & Coverable, revision: Revision): boolean {
    const newer = this.#newerThan(place.scope, revision);
    return newer.some((section) => covers(section.coverage, place) && this.#speaksFor(section, place.subject));
  }

  #speaksFor(section: KnownSection, subject: Uint8Array): boolean {
    const [refusal, reading] = section.id < 0 ? [this.#sql.draftRefusal, this.#sql.draftReading] : [this.#sql.refusal, this.#sql.reading];
    if (refusal.get(section.id, subject) !== undefined) return false;
    return section.complete || reading.get(section.id, subject) !== undefined;
  }

  #newerThan(scope: Buffer, revision: Revision): readonly KnownSection[] {
    const key = scope.toString('latin1');
    let found = this.#newer.get(key);
    if (found === undefined) {
      const bounds = [scope, revision.instant, revision.instant, revision.sequence] as const;
      const rows = [...this.#sql.newerSections.all(...bounds), ...this.#sql.newerDraftSections.all(...bounds)];
      found = (rows as unknown as { id: number; coverage: string; complete: number }[]).map((row) => ({
        id: row.id,
        coverage: coverageFromText(row.coverage),
        complete: row.complete === 1,
      }));
      this.#newer.set(key, found);
    }
    return found;
  }
}

const statements = (database: DatabaseSync) => {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  const older = '(instant < ? OR (instant = ? AND sequence < ?))';
  const newer = 'scope = ? AND (instant > ? OR (instant = ? AND sequence > ?))';
  return {
    word: prepare('SELECT * FROM main.word WHERE fact = ?'),
    draftWord: prepare('SELECT * FROM temp.d_word WHERE fact = ?'),
    put: prepare('INSERT OR REPLACE INTO temp.d_word VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'),
    addReading: prepare('INSERT OR IGNORE INTO temp.d_reading VALUES (?, ?)'),
    dropReadings: prepare('DELETE FROM temp.d_reading WHERE section = ?'),
    addRefusal: prepare('INSERT OR IGNORE INTO temp.d_refusal VALUES (?, ?)'),
    addSection: prepare('INSERT INTO temp.d_section VALUES (?, ?, ?, ?, ?, ?, ?)'),
    addFinding: prepare('INSERT INTO temp.d_finding (submission, ordinal, fate, code, path, expected, remedy) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    refusal: prepare('SELECT 1 FROM main.refusal WHERE section = ? AND subject = ?'),
    draftRefusal: prepare('SELECT 1 FROM temp.d_refusal WHERE section = ? AND subject = ?'),
    reading: prepare('SELECT 1 FROM main.reading WHERE section = ? AND subject = ?'),
    draftReading: prepare('SELECT 1 FROM temp.d_reading WHERE section = ? AND subject = ?'),
    newerSections: prepare(`SELECT id, coverage, complete FROM main.section WHERE ${newer}`),
    newerDraftSections: prepare(`SELECT id, coverage, complete FROM temp.d_section WHERE ${newer}`),
    countScope: prepare('SELECT count(*) AS held FROM main.word WHERE scope = ? AND stated = 1'),
    // In order of fact, so that a page begins where the last ended though words change in between. The limit is no parameter:
    // SQLite plans a statement anew whenever one is bound, which took longer than all else that is done for a small section.
    pageOfScope: prepare(
      `SELECT w.* FROM main.word w WHERE w.scope = ? AND w.stated = 1 AND w.fact > ? AND ${older}
       AND NOT EXISTS (SELECT 1 FROM temp.d_word d WHERE d.fact = w.fact) ORDER BY w.fact LIMIT ${PAGE}`,
    ),
    pageOfDraft: prepare(`SELECT * FROM temp.d_word WHERE scope = ? AND stated = 1 AND fact > ? AND ${older} ORDER BY fact LIMIT ${PAGE}`),
  };
};
