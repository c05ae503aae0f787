import { loadProgrammes } from '@throughline/reference-data';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { AdapterDeclaration, FeedDeclaration, PayloadFormat, SubmissionParameters } from '../adapter-declaration.js';

/** What a sender says beside the payload, as it arrives: texts. */
export interface SubmissionRequest {
  readonly feed?: string | undefined;
  readonly mediaType?: string | undefined;
  /** `gzip` or none. */
  readonly contentEncoding?: string | undefined;
  /** Bytes announced, packed. */
  readonly contentLength?: number | undefined;
  readonly asOf?: string | undefined;
  readonly programme?: string | undefined;
  readonly fullExtract?: string | undefined;
  readonly part?: string | undefined;
}

export interface ResolvedRequest {
  readonly feed: FeedDeclaration;
  readonly format: PayloadFormat;
  readonly gzip: boolean;
  readonly parameters: SubmissionParameters;
}

/**
 * Media types that say nothing, where the feed has one format alone. A form (curl's, when it is told no other) is a media
 * type like any other, and no feed's: who sends one has forgotten to say what the file is.
 */
const UNSAID = new Set(['', 'application/octet-stream']);
/** An instant with its zone: a clock without one would mean another moment on another machine. */
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;
/** Programmes that facts may name. Any other word would go into events as it was written, were it a person's name. */
const PROGRAMMES = loadProgrammes();

const refuse = (code: 'missing-parameter' | 'unknown-parameter' | 'bad-parameter' | 'unknown-part' | 'not-this-format', place: string, expected: string, remedy: string): never => {
  throw new SubmissionRefused(code, place, expected, remedy);
};

/** Thrown when the payload's media type or encoding is not one the feed takes. */
export class UnsupportedMediaType extends SubmissionRefused {
  readonly status = 415;
}

const baseType = (mediaType: string | undefined): string => (mediaType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

const unsupported = (feeds: readonly FeedDeclaration[]): UnsupportedMediaType => {
  const types = [...new Set(feeds.flatMap(({ formats }) => formats.flatMap(({ mediaTypes }) => mediaTypes)))];
  return new UnsupportedMediaType('not-this-format', 'Content-Type', `one of ${types.join(', ')}`, `Send the payload with its media type: Content-Type: ${types[0] ?? ''}.`);
};

const idsOf = (feeds: readonly FeedDeclaration[]): string => feeds.map(({ id }) => id).join(', ');
const partsOf = (feeds: readonly FeedDeclaration[]): readonly string[] => [...new Set(feeds.flatMap(({ parts }) => parts ?? []))];

const refusePart = (parts: readonly string[]): never =>
  parts.length === 0
    ? refuse('unknown-parameter', 'part', 'no part: its files are of one kind', 'Leave part out.')
    : refuse('unknown-part', 'part', `one of ${parts.join(', ')}`, `Say which of the files this is: part=${parts[0] ?? ''}.`);

/** The feed that is named, or the one alone that takes the media type and has the part. What no feed has is refused as itself. */
const feedOf = (adapter: AdapterDeclaration, { feed, mediaType, part }: SubmissionRequest): FeedDeclaration => {
  if (feed !== undefined && feed !== '') {
    const named = adapter.feeds.find(({ id }) => id === feed);
    return named ?? refuse('bad-parameter', 'feed', `one of ${idsOf(adapter.feeds)}`, 'Name the feed as this adapter calls it.');
  }
  const type = baseType(mediaType);
  const ofType = UNSAID.has(type) ? adapter.feeds : adapter.feeds.filter(({ formats }) => formats.some(({ mediaTypes }) => mediaTypes.includes(type)));
  const [first, ...more] = ofType;
  if (first === undefined) throw unsupported(adapter.feeds);
  if (more.length === 0) return first;
  const parts = partsOf(ofType);
  const names = `one of ${idsOf(ofType)}`;
  if (part === undefined) {
    if (parts.length === 0) return refuse('missing-parameter', 'feed', names, 'Say which feed this is: ?feed=…');
    return refuse('missing-parameter', 'part', `one of ${parts.join(', ')}, or feed: ${names}`, `Say which of the files this is, such as part=${parts[0] ?? ''}; a feed whose files are of one kind is named: ?feed=…`);
  }
  const fitting = ofType.filter((each) => each.parts?.includes(part) === true);
  const [only, ...others] = fitting;
  if (only === undefined) return refusePart(parts);
  return others.length === 0 ? only : refuse('missing-parameter', 'feed', `one of ${idsOf(fitting)}`, 'Several feeds have this part. Say which it is: ?feed=…');
};

const formatOf = (feed: FeedDeclaration, mediaType: string | undefined): PayloadFormat => {
  const type = baseType(mediaType);
  const named = feed.formats.find(({ mediaTypes }) => mediaTypes.includes(type));
  if (named !== undefined) return named.format;
  const [only, ...others] = feed.formats;
  if (UNSAID.has(type) && only !== undefined && others.length === 0) return only.format;
  throw unsupported([feed]);
};

const ALLOWANCE_MS = 86_400_000;

/**
 * The latest instant that a source's clock may show in what is received then: one in the future would silence every later
 * file until it comes. A day allows for a clock set wrong.
 */
export const latestClock = (receivedAt: Date): Date => new Date(receivedAt.getTime() + ALLOWANCE_MS);

const asOfOf = (feed: FeedDeclaration, text: string | undefined, now: Date): Date | null => {
  if (feed.parameters.asOf === 'not-used') {
    return text === undefined ? null : refuse('unknown-parameter', 'asOf', 'no asOf: this format has a clock of its own', 'Leave asOf out.');
  }
  if (text === undefined || text === '') {
    return refuse('missing-parameter', 'asOf', 'the instant as of when the file speaks', 'Add asOf=2026-05-01T09:00:00Z: when the source made the file.');
  }
  const instant = INSTANT.test(text) ? new Date(text) : new Date(Number.NaN);
  if (Number.isNaN(instant.getTime())) {
    return refuse('bad-parameter', 'asOf', 'an instant with its zone, such as 2026-05-01T09:00:00Z', 'Write it so; in an address + is written %2B.');
  }
  if (instant > latestClock(now)) return refuse('bad-parameter', 'asOf', 'an instant that is not in the future', 'Say when the source made the file.');
  return instant;
};

const programmeOf = (feed: FeedDeclaration, text: string | undefined, fallback: string | null): string | null => {
  if (feed.parameters.programme === 'not-used') {
    return text === undefined ? null : refuse('unknown-parameter', 'programme', 'no programme: this feed does not take one', 'Leave programme out.');
  }
  if (text === undefined || text === '') return fallback;
  return PROGRAMMES.has(text) ? text : refuse('bad-parameter', 'programme', `one of ${[...PROGRAMMES.keys()].join(', ')}`, 'Name the programme by its id.');
};

/** Like a programme it is kept with the receipt, so it is one of the known words or none. */
const partOf = ({ parts = [], parameters }: FeedDeclaration, text: string | undefined): string | null => {
  if (text === undefined && parameters.part !== 'required') return null;
  return text !== undefined && parts.includes(text) ? text : refusePart(parts);
};

const fullExtractOf = (feed: FeedDeclaration, text: string | undefined): boolean => {
  if (text === undefined || text === 'false') return false;
  if (feed.parameters.fullExtract === 'not-used') return refuse('unknown-parameter', 'fullExtract', 'no fullExtract: this format says by itself what it covers', 'Leave fullExtract out.');
  return text === 'true' || refuse('bad-parameter', 'fullExtract', 'true or false', 'Say true only where the file is everything the source holds.');
};

/**
 * Reads what a sender says beside the payload. Throws {@link SubmissionRefused} for what is missing, unknown or not well
 * written, {@link UnsupportedMediaType} for a format or encoding the feed does not take.
 * @param defaultProgramme the deployment's own, for feeds that take one.
 */
export const resolveRequest = (
  adapter: AdapterDeclaration,
  request: SubmissionRequest,
  defaultProgramme: string | null,
  now: Date,
): ResolvedRequest => {
  const feed = feedOf(adapter, request);
  const encoding = (request.contentEncoding ?? '').toLowerCase();
  if (!['', 'identity', 'gzip'].includes(encoding)) {
    throw new UnsupportedMediaType('not-this-format', 'Content-Encoding', 'gzip or none', 'Send the payload as it is or as gzip.');
  }
  return {
    feed,
    format: formatOf(feed, request.mediaType),
    gzip: encoding === 'gzip',
    parameters: {
      asOf: asOfOf(feed, request.asOf, now),
      programme: programmeOf(feed, request.programme, defaultProgramme),
      fullExtract: fullExtractOf(feed, request.fullExtract),
      part: partOf(feed, request.part),
    },
  };
};

/** Parameters as part of a submission's identity: the same payload under the same parameters is the same submission. */
export const canonicalParameters = ({ format, parameters }: Pick<ResolvedRequest, 'format' | 'parameters'>): Readonly<Record<string, string>> => ({
  format,
  asOf: parameters.asOf?.toISOString() ?? '',
  programme: parameters.programme ?? '',
  fullExtract: String(parameters.fullExtract),
  part: parameters.part ?? '',
});
