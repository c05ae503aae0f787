import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** Everything the one writing connection does. */
export const writing = (database: DatabaseSync) => {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    meta: prepare('SELECT value FROM meta WHERE name = ?'),
    setMeta: prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)'),
    setJob: prepare(
      `INSERT INTO job (submission, state, detail, settled_at, total, published) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (submission) DO UPDATE SET state = excluded.state, detail = excluded.detail, settled_at = excluded.settled_at,
         total = excluded.total, published = excluded.published, payload_kept = 1`,
    ),
    startPublishing: prepare(
      `INSERT INTO job (submission, state, detail, total) VALUES (?, 'publishing', ?, ?)
       ON CONFLICT (submission) DO UPDATE SET state = excluded.state, detail = excluded.detail, total = excluded.total,
         published = 0, settled_at = NULL, payload_kept = 1`,
    ),
    checkpoint: prepare('UPDATE job SET published = ? WHERE submission = ?'),
    payloadDeleted: prepare('UPDATE job SET payload_kept = 0 WHERE submission = ?'),
    wordsOf: prepare('SELECT * FROM word WHERE stated = 1 AND submission = ? AND fact > ? ORDER BY fact LIMIT ?'),
    withdrawnWordsOf: prepare(
      'SELECT * FROM word WHERE stated = 0 AND sequence & 1 = 1 AND submission = ? AND fact > ? ORDER BY fact LIMIT ?',
    ),
    unsayWords: prepare('UPDATE word SET stated = 1, hash = ?, sequence = sequence - 1 WHERE submission = ?'),
    dropRefusals: prepare('DELETE FROM refusal WHERE section IN (SELECT id FROM section WHERE submission = ?)'),
    dropReadings: prepare('DELETE FROM reading WHERE section IN (SELECT id FROM section WHERE submission = ?)'),
    dropSections: prepare('DELETE FROM section WHERE submission = ?'),
    withdrawWords: prepare('UPDATE word SET stated = 0, hash = ?, sequence = sequence + 1 WHERE stated = 1 AND submission = ?'),
    anything: prepare('SELECT 1 FROM word UNION ALL SELECT 1 FROM section UNION ALL SELECT 1 FROM job LIMIT 1'),
    behindLost: prepare('SELECT 1 FROM section WHERE submission = ? AND scope = ? AND (instant > ? OR (instant = ? AND sequence > ?)) LIMIT 1'),
    newerSections: prepare('SELECT coverage FROM section WHERE scope = ? AND (instant > ? OR (instant = ? AND sequence > ?))'),
    draftSections: prepare('SELECT id FROM temp.d_section ORDER BY id DESC'),
    mergeSection: prepare(
      `INSERT INTO main.section (scope, instant, sequence, coverage, complete, submission)
       SELECT scope, instant, sequence, coverage, complete, submission FROM temp.d_section WHERE id = ?`,
    ),
    mergeRefusals: prepare('INSERT INTO main.refusal SELECT ?, subject FROM temp.d_refusal WHERE section = ?'),
    mergeReadings: prepare('INSERT INTO main.reading SELECT ?, subject FROM temp.d_reading WHERE section = ?'),
    sliceOfWords: prepare('SELECT max(fact) AS last FROM (SELECT fact FROM temp.d_word WHERE fact > ? ORDER BY fact LIMIT ?)'),
    mergeWords: prepare('INSERT OR REPLACE INTO main.word SELECT * FROM temp.d_word WHERE fact > ? AND fact <= ?'),
    dropFindings: prepare('DELETE FROM main.finding WHERE submission = ?'),
    mergeFindings: prepare(
      `INSERT INTO main.finding (submission, ordinal, fate, code, path, expected, remedy)
       SELECT submission, ordinal, fate, code, path, expected, remedy FROM temp.d_finding ORDER BY id`,
    ),
  };
};

/** What states and reports are read by. */
export const reading = (database: DatabaseSync) => {
  const prepare = (sql: string): StatementSync => database.prepare(sql);
  return {
    job: prepare('SELECT * FROM job WHERE submission = ?'),
    submissions: prepare('SELECT submission FROM job'),
    told: prepare('SELECT 1 FROM told WHERE submission = ?'),
    jobsIn: prepare('SELECT * FROM job WHERE state = ?'),
    payloadsDue: prepare(
      `SELECT submission, state FROM job WHERE payload_kept = 1 AND settled_at < ?
       AND state IN (SELECT value FROM json_each(?))`,
    ),
    findings: prepare('SELECT id, ordinal, fate, code, path, expected, remedy FROM finding WHERE submission = ? AND id > ? ORDER BY id LIMIT ?'),
  };
};
