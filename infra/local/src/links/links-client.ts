import { LocalError } from '@throughline/servers';
import { z } from 'zod';

const subject = z.object({ subject: z.string(), deployments: z.array(z.string()) });
const path = z.object({ from: subject, steps: z.array(subject.extend({ rule: z.string() })) });
const person = z.object({ participant: z.string(), subjects: z.array(subject), conflicts: z.array(z.string()) });
const decision = z.object({
  decision: z.string(),
  state: z.string(),
  kind: z.string(),
  subjects: z.array(z.string()),
  apartFrom: z.array(z.string()),
  at: z.string(),
  by: z.string(),
  reason: z.string(),
  note: z.string().nullable(),
});
const conflicts = z.object({
  open: z.number(),
  conflicts: z.array(
    z.object({ participant: z.string(), kinds: z.array(z.string()), since: z.string().nullable(), metBy: path.extend({ kind: z.string() }).nullable(), subjects: z.array(subject) }),
  ),
});
const known = person.extend({ joins: z.array(z.object({ rule: z.string(), subjects: z.array(z.string()) })), decisions: z.array(decision) });
const explained = z.object({ one: z.boolean(), participants: z.array(z.string()), path: path.nullable(), decisions: z.array(decision) });
const preview = z.object({ subjects: z.array(z.string()), apartFrom: z.array(z.string()), before: z.array(person), after: z.array(person) });
const decided = z.object({ decision: z.string(), takenIn: z.boolean() });
const decisions = z.object({ decisions: z.array(decision) });
const refusal = z.looseObject({ code: z.string(), place: z.string().optional(), remedy: z.string() });

export type Conflicts = z.infer<typeof conflicts>;
export type KnownPerson = z.infer<typeof known>;
export type Explained = z.infer<typeof explained>;
export type Preview = z.infer<typeof preview>;
export type Decision = z.infer<typeof decision>;
export type Decided = z.infer<typeof decided>;

/** Whom a decision is about. */
export interface Whom {
  readonly kind: 'SPLIT' | 'JOIN';
  readonly subjects: readonly string[];
  readonly apartFrom?: readonly string[];
}

/** Who decides, and why. */
export interface Words {
  readonly by: string;
  readonly reason: string;
  readonly note?: string;
}

/** Linkage as operators ask it. Each call throws LocalError `NOT_REACHABLE` where it is away, `SERVICE_FAILED` where it refuses. */
export class LinksClient {
  /** @param url base URL of linkage */
  constructor(private readonly url: string) {}

  conflicts(most: number): Promise<Conflicts> {
    return this.#ask(conflicts, `conflicts?most=${most}`);
  }

  async decisions(): Promise<readonly Decision[]> {
    return (await this.#ask(decisions, 'decisions')).decisions;
  }

  person(id: string): Promise<KnownPerson> {
    return this.#ask(known, `people/${encodeURIComponent(id)}`);
  }

  explain(from: string, to: string): Promise<Explained> {
    return this.#ask(explained, `path?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`);
  }

  preview(whom: Whom): Promise<Preview> {
    return this.#ask(preview, 'preview', whom);
  }

  decide(whom: Whom, words: Words): Promise<Decided> {
    return this.#ask(decided, 'decisions', { ...whom, ...words });
  }

  withdraw(id: string, words: Words): Promise<Decided> {
    return this.#ask(decided, `decisions/${encodeURIComponent(id)}/withdrawal`, words);
  }

  async #ask<T>(schema: z.ZodType<T>, what: string, body?: object): Promise<T> {
    const request = body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/internal/links/${what}`, request).catch((cause: unknown) => {
      throw new LocalError('NOT_REACHABLE', `No linkage service answers at ${this.url}`, 'start the platform with "npm start" first, or set LINKAGE_PORT as it was started with', { cause });
    });
    const answer: unknown = await response.json().catch(() => undefined);
    const read = response.ok ? schema.safeParse(answer) : undefined;
    if (read?.success === true) return read.data;
    const refused = refusal.safeParse(answer);
    if (!refused.success) throw new LocalError('SERVICE_FAILED', `Linkage answered ${response.status} to ${what.split('?')[0] ?? ''}`, 'see the log of linkage');
    const { code, place, remedy } = refused.data;
    throw new LocalError('SERVICE_FAILED', `Linkage refused: ${code}${place === undefined ? '' : ` at ${place}`}`, remedy.replace(/\.$/, ''));
  }
}
