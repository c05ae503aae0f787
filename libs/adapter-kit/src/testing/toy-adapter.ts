import { defaultBody } from '@throughline/event-contracts';
import { declareFeed } from '../adapter-declaration.js';
import type { Absence, AdapterDeclaration, FactDraft, FactKey, ReadItem } from '../adapter-declaration.js';
import { readJson } from '../readers/json-reader.js';

/** One fact of the toy format. */
export interface ToyFact {
  readonly key: string;
  /** ISO date. */
  readonly day: string;
  readonly value: number;
  readonly family?: string;
  readonly part?: string;
}

/** One record: `reference` null: unreadable altogether; `fault`: refused. */
export interface ToyRecord {
  readonly reference: string | null;
  readonly fault?: 'reading' | 'mapping';
  readonly facts: readonly ToyFact[];
  /** Keys taken back by name. */
  readonly gone?: readonly string[];
  readonly nino?: string;
}

export interface ToySection {
  readonly at: string;
  readonly serial?: number;
  readonly scope: string;
  readonly absence: Absence;
  readonly records: readonly ToyRecord[];
}

const fault = { code: 'bad-code', path: 'value', expected: 'a known value', remedy: 'Correct it.' } as const;
const keyOf = (key: string, where: Pick<FactKey, 'family' | 'part'> = {}): FactKey => ({ type: 'JobStarted', naturalKey: [key], ...where });

/**
 * A feed that can say anything a feed can: sections as NDJSON. For the kit's own tests.
 */
export const TOY_ADAPTER: AdapterDeclaration = {
  name: 'toy',
  title: 'Toy partner',
  feeds: [
    declareFeed<ToyRecord>({
      id: 'toy',
      title: 'Toy sections',
      system: 'toy',
      formats: [{ format: 'ndjson', mediaTypes: ['application/x-ndjson'] }],
      parameters: { asOf: 'not-used', fullExtract: 'not-used', programme: 'optional', part: 'optional' },
      parts: ['first', 'second'],
      identifiers: [{ kind: 'NINO', field: 'nino', policy: 'refuse' }],
      events: ['JobStarted', 'SubjectIdentified'],
      fields: [{ path: 'facts', meaning: 'Facts', required: true, feeds: ['JobStarted.hourlyPayPence'] }],
      evidence: 'CASE_RECORD',
      async *read(payload, { limits }): AsyncGenerator<ReadItem<ToyRecord>, void, void> {
        let ordinal = 0;
        for await (const { value } of readJson(payload, { format: 'ndjson', limits })) {
          const section = value as ToySection;
          const clock = { instant: new Date(section.at), serial: section.serial ?? 0 };
          yield { kind: 'section', header: { clock, scope: section.scope, absence: section.absence } };
          for (const record of section.records) {
            ordinal += 1;
            if (record.fault === 'reading' || record.reference === null) yield { kind: 'unreadable', ordinal, reference: record.reference, fault };
            else yield { kind: 'record', ordinal, reference: record.reference, record };
          }
        }
      },
      toEvents(record) {
        if (record.fault === 'mapping') return { fate: 'refused', fault };
        const facts = record.facts.map(({ key, day, value, family, part }): FactDraft => {
          const body = { ...defaultBody('JobStarted'), hourlyPayPence: value };
          const where = { ...(family === undefined ? {} : { family }), ...(part === undefined ? {} : { part }) };
          return { ...keyOf(key, where), type: 'JobStarted', occurredOn: day, body };
        });
        const identity = record.nino === undefined ? null : { recordKind: 'toy', occurredOn: '2026-01-01', nino: record.nino };
        return { fate: 'facts', identity, facts, withdrawn: (record.gone ?? []).map((key) => keyOf(key)) };
      },
    }),
  ],
};

/** Sections as a payload of the toy feed. */
export const toyPayload = (...sections: readonly ToySection[]): string => sections.map((section) => `${JSON.stringify(section)}\n`).join('');
