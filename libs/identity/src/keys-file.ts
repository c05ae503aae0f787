import { z } from 'zod';

/** A linkage domain's key: tokens and nothing else. */
export interface DomainKey {
  /** Stands in every token it makes. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** A key that wraps submissions' data keys in the spool. */
export interface SpoolKey {
  readonly kid: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** What an adapter holds. */
export interface PartnerKeys {
  /** The first key of the domain. */
  readonly domainKey: DomainKey;
  /** Keys that followed it, in order: a token is made under each in turn, and goes out under the last. Mostly none. */
  readonly rotatedTo?: readonly DomainKey[] | undefined;
  /** 32 bytes. Never rotated. */
  readonly referenceKey: Buffer;
  /** The first wraps new submissions; the others still open old ones. */
  readonly spoolKeys: readonly [SpoolKey, ...SpoolKey[]];
}

/** A key of a domain that followed another: what turns a token under the one into that under the other. */
export interface KeyRotation {
  /** Id of the key before. */
  readonly from: string;
  /** Id of this key. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

/** What linkage and outcomes hold. */
export interface PlatformKeys {
  /** Linkage's alone: with it tokens are turned, and without the first key of the domain none can be made. */
  readonly rotations?: readonly KeyRotation[] | undefined;
  /** 32 bytes. */
  readonly platformKey: Buffer;
}

/** Thrown when a keys file is not usable. Says which fields and what they should be, and never repeats what stands in them. */
export class KeysFileError extends Error {
  override readonly name = 'KeysFileError';
  readonly code = 'KEYS_FILE_INVALID';
  readonly remedy = 'Give every key as 32 random bytes in base64 (openssl rand -base64 32), each used once.';
  constructor(readonly faults: readonly { readonly path: string; readonly expected: string }[]) {
    super(`The keys file cannot be used: ${faults.map(({ path, expected }) => `${path}: expected ${expected}`).join('; ')}.`);
  }
}

const KEY_EXPECTED = '32 bytes in base64 (43 characters and "=")';
const NAME_EXPECTED = 'a name of letters, digits, ".", "_" and "-", at most 64';
// Only the canonical text of 32 bytes, so that two texts never stand for one key.
const keyText = z
  .string(KEY_EXPECTED)
  .regex(/^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$/, KEY_EXPECTED)
  .transform((text) => Buffer.from(text, 'base64'));
const keyName = z.string(NAME_EXPECTED).regex(/^[A-Za-z0-9._-]{1,64}$/, NAME_EXPECTED);
const object = <T extends z.ZodRawShape>(shape: T) => z.strictObject(shape, 'an object of the known fields only');

const spoolKey = object({ kid: keyName, key: keyText });
const domainKey = object({ id: keyName, key: keyText });
const partnerKeys = object({
  domainKey,
  rotatedTo: z.array(domainKey, 'a list of {id, key}').optional(),
  referenceKey: keyText,
  spoolKeys: z.tuple([spoolKey], spoolKey, 'a list of at least one {kid, key}'),
});
const platformKeys = object({ platformKey: keyText, rotations: z.array(object({ from: keyName, id: keyName, key: keyText }), 'a list of {from, id, key}').optional() });

function parse<T>(schema: z.ZodType<T>, json: string): T {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    // The parser's own message quotes the text.
    throw new KeysFileError([{ path: '(file)', expected: 'JSON' }]);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new KeysFileError(
    result.error.issues.map((issue) => ({ path: issue.path.length === 0 ? '(file)' : issue.path.join('.'), expected: issue.message })),
  );
}

interface NamedKey {
  readonly path: string;
  readonly key: Buffer;
}

/** One text for each key that stands in a place that is not its first. */
function usedTwice(named: readonly NamedKey[]): { path: string; expected: string }[] {
  const places = new Map<string, string>();
  return named.flatMap(({ path, key }) => {
    const text = key.toString('base64');
    const earlier = places.get(text);
    places.set(text, path);
    return earlier === undefined ? [] : [{ path, expected: `a key of its own, not that of ${earlier}` }];
  });
}

const repeated = (names: readonly string[], path: (index: number) => string, expected: string): { path: string; expected: string }[] =>
  names.flatMap((name, index) => (names.indexOf(name) === index ? [] : [{ path: path(index), expected }]));

/**
 * Reads an adapter's keys: `{domainKey: {id, key}, rotatedTo?: [{id, key}, …], referenceKey, spoolKeys: [{kid, key}, …]}`, keys
 * in base64.
 * @throws KeysFileError naming every fault at once; also when one key stands in two places or an `id` or `kid` twice.
 */
export function parseKeysFile(json: string): PartnerKeys {
  const keys = parse<PartnerKeys>(partnerKeys, json);
  const { rotatedTo = [] } = keys;
  const faults = [
    ...usedTwice([
      { path: 'domainKey.key', key: keys.domainKey.key },
      ...rotatedTo.map(({ key }, index) => ({ path: `rotatedTo.${index}.key`, key })),
      { path: 'referenceKey', key: keys.referenceKey },
      ...keys.spoolKeys.map(({ key }, index) => ({ path: `spoolKeys.${index}.key`, key })),
    ]),
    ...repeated([keys.domainKey.id, ...rotatedTo.map(({ id }) => id)], (index) => `rotatedTo.${index - 1}.id`, 'an id of its own'),
    ...repeated(keys.spoolKeys.map(({ kid }) => kid), (index) => `spoolKeys.${index}.kid`, 'a kid of its own'),
  ];
  if (faults.length > 0) throw new KeysFileError(faults);
  return keys;
}

/**
 * Reads what linkage and outcomes hold: `{platformKey, rotations?: [{from, id, key}, …]}`.
 * @throws KeysFileError also when a key stands in two places, two keys follow one, or one follows two.
 */
export function parsePlatformKeysFile(json: string): PlatformKeys {
  const keys = parse<PlatformKeys>(platformKeys, json);
  const { rotations = [] } = keys;
  const faults = [
    ...usedTwice([{ path: 'platformKey', key: keys.platformKey }, ...rotations.map(({ key }, index) => ({ path: `rotations.${index}.key`, key }))]),
    ...repeated(rotations.map(({ from }) => from), (index) => `rotations.${index}.from`, 'a key that no other follows'),
    ...repeated(rotations.map(({ id }) => id), (index) => `rotations.${index}.id`, 'a key that follows one alone'),
    // In order, so that none leads back: whoever follows a key stands after it.
    ...rotations.flatMap(({ from, id }, index) => (from === id || rotations.slice(index).some((later) => later.id === from) ? [{ path: `rotations.${index}.from`, expected: 'a key that was followed before it is rotated' }] : [])),
  ];
  if (faults.length > 0) throw new KeysFileError(faults);
  return keys;
}
