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
  readonly domainKey: DomainKey;
  /** 32 bytes. Never rotated. */
  readonly referenceKey: Buffer;
  /** The first wraps new submissions; the others still open old ones. */
  readonly spoolKeys: readonly [SpoolKey, ...SpoolKey[]];
}

/** What linkage and outcomes hold. */
export interface PlatformKeys {
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
const partnerKeys = object({
  domainKey: object({ id: keyName, key: keyText }),
  referenceKey: keyText,
  spoolKeys: z.tuple([spoolKey], spoolKey, 'a list of at least one {kid, key}'),
});
const platformKeys = object({ platformKey: keyText });

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

/**
 * Reads an adapter's keys: `{domainKey: {id, key}, referenceKey, spoolKeys: [{kid, key}, …]}`, keys in base64.
 * @throws KeysFileError naming every fault at once; also when one key stands in two places or a `kid` twice.
 */
export function parseKeysFile(json: string): PartnerKeys {
  const keys = parse<PartnerKeys>(partnerKeys, json);
  const faults: { path: string; expected: string }[] = [];
  const places = new Map<string, string>();
  const named = [
    { path: 'domainKey.key', key: keys.domainKey.key },
    { path: 'referenceKey', key: keys.referenceKey },
    ...keys.spoolKeys.map(({ key }, index) => ({ path: `spoolKeys.${index}.key`, key })),
  ];
  for (const { path, key } of named) {
    const text = key.toString('base64');
    const earlier = places.get(text);
    if (earlier !== undefined) faults.push({ path, expected: `a key of its own, not that of ${earlier}` });
    places.set(text, path);
  }
  const kids = keys.spoolKeys.map(({ kid }) => kid);
  kids.forEach((kid, index) => {
    if (kids.indexOf(kid) !== index) faults.push({ path: `spoolKeys.${index}.kid`, expected: 'a kid of its own' });
  });
  if (faults.length > 0) throw new KeysFileError(faults);
  return keys;
}

/** Reads what linkage and outcomes hold: `{platformKey}`. @throws KeysFileError */
export const parsePlatformKeysFile = (json: string): PlatformKeys => parse<PlatformKeys>(platformKeys, json);
