import { setTimeout as delay } from 'node:timers/promises';
import { LocalError, silentProgress } from '@throughline/servers';
import type { Progress } from '@throughline/servers';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { OutputFile } from './output-file.js';

const DIFFERENCE_COLUMNS = ['metric', 'month', 'district', 'programme', 'age_band', 'priority_group', 'agreements', 'before', 'after'] as const;

const rowSchema = z.looseObject({ metric: z.string(), authority: z.string(), name: z.string(), before: z.number(), after: z.number(), cells: z.number() });
const answerSchema = z.discriminatedUnion('state', [
  z.looseObject({ state: z.literal('none') }),
  z.looseObject({ state: z.literal('building'), progress: z.number() }),
  z.looseObject({
    state: z.literal('done'),
    before: z.string(),
    after: z.string(),
    cells: z.number(),
    rows: z.array(rowSchema),
    differences: z.array(z.record(z.enum(DIFFERENCE_COLUMNS), z.union([z.string(), z.number()]))),
  }),
]);
type Found = Extract<z.infer<typeof answerSchema>, { readonly state: 'done' }>;

const EVERY_MS = 250;

export interface RulesDiffOptions {
  readonly before: string;
  readonly after: string;
  /** File that gets every cell that differs, one a row. */
  readonly csv?: string;
  readonly progress?: Progress;
}

/**
 * What two versions of the rules count differently over the platform's own log as it ends now.
 *
 * @param outcomesUrl base URL of the outcomes service
 * @returns a table by metric and authority, to be printed
 * @throws LocalError `FILE_REFUSED` before anything is counted, `NOT_REACHABLE` if the service is away, `SERVICE_FAILED` if it refuses
 */
export async function rulesDiff(outcomesUrl: string, { before, after, csv, progress = silentProgress }: RulesDiffOptions): Promise<string> {
  const url = `${outcomesUrl}/internal/rules-diff`;
  if (csv !== undefined) await OutputFile.require(csv);
  await asked(`${url}?${new URLSearchParams({ before, after }).toString()}`, { method: 'POST' });
  const task = progress.start(`Counting the log under ${before} and ${after}`, 100, '%');
  try {
    for (;;) {
      const answer = answerSchema.parse(JSON.parse(await asked(url)));
      if (answer.state === 'none') throw new LocalError('SERVICE_FAILED', 'Outcomes was started again meanwhile', 'ask again');
      if (answer.state === 'done') {
        if (csv !== undefined) await writeDifferences(csv, answer);
        return rulesDiffTable(answer, csv);
      }
      task.update(Math.floor(answer.progress * 100));
      await delay(EVERY_MS);
    }
  } finally {
    task.finish();
  }
}

async function writeDifferences(csv: string, { differences }: Found): Promise<void> {
  await using file = await OutputFile.open(csv);
  await file.append(stringify(differences, { header: true, columns: [...DIFFERENCE_COLUMNS], escape_formulas: true, record_delimiter: 'windows' }));
  await file.keep();
}

async function asked(url: string, init: RequestInit = {}): Promise<string> {
  const response = await fetch(url, init).catch((cause: unknown) => {
    throw new LocalError('NOT_REACHABLE', `No outcomes service answers at ${url}`, 'start the platform with "npm start" first', { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new LocalError('SERVICE_FAILED', `The comparison was refused (${response.status} ${text.slice(0, 400)})`, 'do as it says, or see the log of outcomes');
  return text;
}

const WIDTHS = [46, 34, 10, 10, 10, 10] as const;
const line = (cells: readonly string[]): string => cells.map((cell, i) => (i < 2 ? cell.padEnd(WIDTHS[i] ?? 0) : cell.padStart(WIDTHS[i] ?? 0))).join(' ').trimEnd();

/** Sums by metric and authority, where some cell differs. */
function rulesDiffTable({ before, after, cells, rows, differences }: Found, csv: string | undefined): string {
  const differ = `${differences.length.toLocaleString('en-GB')} of ${cells.toLocaleString('en-GB')} cells differ between rules ${before} and ${after}.`;
  if (rows.length === 0) return `${differ}\n`;
  const table = rows.map((row) => line([row.metric, row.name, ...[row.before, row.after, row.after - row.before, row.cells].map((n) => n.toLocaleString('en-GB'))]));
  return `${[
    line(['metric', 'authority', before, after, 'change', 'cells']),
    ...table,
    '',
    `${differ} Exact counts, for operators only. Authorities overlap: do not add them up. “cells”: how many differ, also where people only moved between them.`,
    csv === undefined ? 'Every cell that differs: add --csv <file>.' : `Every cell that differs is in ${csv}.`,
  ].join('\n')}\n`;
}
