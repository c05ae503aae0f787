import { z } from 'zod';
import { DEPLOYMENT_NAME } from '@throughline/event-contracts';
import { LOG_LEVELS } from '@throughline/telemetry';
import type { AdapterDeclaration, ReadLimits } from '../adapter-declaration.js';

/** Thrown at start; names every setting that cannot be used, at once, and never repeats a value. */
export class SettingsInvalid extends Error {
  override readonly name = 'SettingsInvalid';
  readonly code = 'settings-invalid';
  readonly remedy = 'Set the variables named here and start again.';
  constructor(readonly faults: readonly string[]) {
    super(`The adapter cannot start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

const HOST_PORT = /^[A-Za-z0-9.[\]:_-]+:\d{1,5}$/;

const name = z.string('missing').regex(DEPLOYMENT_NAME, 'expected lower-case letters, digits and "-", without seven digits in a row');
const folder = z.string('missing').min(1, 'expected a path');
const port = z.coerce.number('expected a port number').int('expected a port number').min(0, 'expected a port number').max(65_535, 'expected a port number');
const whole = (least: number, fallback: number) => z.coerce.number('expected a number').int('expected a whole number').min(least, `expected at least ${least}`).default(fallback);

/** Readers' limits where nothing is said: an ILR learner is a few kilobytes, a BaRS bundle a few hundred. */
export const DEFAULT_LIMITS: ReadLimits = { depth: 64, textLength: 100_000, recordBytes: 4 * 1024 * 1024 };

const environment = z.object({
  /** Port of the intake. Loopback unless HOST says otherwise. */
  PORT: port,
  HOST: z.string().min(1).default('127.0.0.1'),
  TELEMETRY_PORT: port,
  TELEMETRY_HOST: z.string().min(1).default('127.0.0.1'),
  /** Comma-separated `host:port`. */
  KAFKA_BROKERS: z
    .string('missing')
    .transform((text) => text.split(',').map((broker) => broker.trim()))
    .refine((brokers) => brokers.every((broker) => HOST_PORT.test(broker)), 'expected host:port, separated by commas'),
  SPOOL_DIR: folder,
  /** Folder of files for partners without HTTP; absent: none is watched. */
  INBOX_DIR: folder.optional(),
  KEYS_FILE: folder,
  DEPLOYMENT: name,
  /** Identifier of the partner organisation. */
  PARTNER: name,
  /** `feed=agreementId,feed=agreementId`. */
  AGREEMENT_IDS: z.string('missing'),
  /** Programme of submissions that name none, for feeds that take one. */
  PROGRAMME: z.string().regex(DEPLOYMENT_NAME, 'expected a programme’s id').optional(),
  /** ONSPD or NSPL columns; absent: the fictional sample. */
  POSTCODE_FILE: folder.optional(),
  /** Greatest submission, unpacked, bytes. Default 2 GiB. */
  MAX_SUBMISSION_BYTES: whole(1, 2 * 1024 ** 3),
  /** Share of a scope, 0 to 1, that a snapshot may withdraw without being held. */
  HELD_SHARE: z.coerce.number('expected a number from 0 to 1').min(0, 'expected a number from 0 to 1').max(1, 'expected a number from 0 to 1').default(0.2),
  /** Hours that a payload is kept after it was published. Default 7 days. */
  SPOOL_RETENTION_HOURS: z.coerce.number('expected a number').min(0, 'expected at least 0').default(168),
  /** Hours that the partner may be silent before an alert. Default 35 days: monthly returns with some days of grace. */
  EXPECTED_INTERVAL_HOURS: z.coerce.number('expected a number').positive('expected more than 0').default(840),
  /** NDJSON export of a lost ledger, read once at start. */
  LEDGER_EXPORT_FILE: folder.optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS, `expected one of ${LOG_LEVELS.join(', ')}`).default('info'),
});

export type AdapterSettings = Omit<z.infer<typeof environment>, 'AGREEMENT_IDS'> & {
  /** Agreement of each feed of the declaration. */
  readonly agreementIds: Readonly<Record<string, string>>;
};

const AGREEMENT = /^([a-z][a-z0-9-]*)=([A-Za-z0-9._-]{1,64})$/;

const agreementsOf = (adapter: AdapterDeclaration, text: string, faults: string[]): Record<string, string> => {
  const agreements: Record<string, string> = {};
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const match = AGREEMENT.exec(pair.trim());
    const [, feed, agreement] = match ?? [];
    if (feed === undefined || agreement === undefined) faults.push('AGREEMENT_IDS: expected feed=agreementId, separated by commas');
    else if (!adapter.feeds.some(({ id }) => id === feed)) faults.push(`AGREEMENT_IDS: this adapter has no feed ${feed}`);
    else agreements[feed] = agreement;
  }
  for (const { id } of adapter.feeds) {
    if (agreements[id] === undefined) faults.push(`AGREEMENT_IDS: the feed ${id} has no agreement; nothing may flow without one`);
  }
  return agreements;
};

/** Reads an adapter's settings from its environment. Throws {@link SettingsInvalid} with every fault at once. */
export const readSettings = (adapter: AdapterDeclaration, variables: Readonly<Record<string, string | undefined>>): AdapterSettings => {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''));
  const result = environment.safeParse(given);
  const faults = result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const agreementIds = given['AGREEMENT_IDS'] === undefined ? {} : agreementsOf(adapter, given['AGREEMENT_IDS'], faults);
  if (!result.success || faults.length > 0) throw new SettingsInvalid(faults);
  const { AGREEMENT_IDS: _, ...settings } = result.data;
  return { ...settings, agreementIds };
};
