import type { SubmissionRequest } from '@throughline/adapter-kit';
import type { Random } from '@throughline/test-population';
import { gzipSync } from 'node:zlib';
import { requestOf } from './feed-files.js';
import type { FeedFile } from './feed-files.js';

/** A file that says once more what another said. */
export interface RepeatedFile {
  /** How it differs, in a word or two. */
  readonly way: string;
  readonly bytes: Buffer;
  readonly request: SubmissionRequest;
  /** In an encoding that no feed takes: refused as a whole. */
  readonly refused: boolean;
}

const BYTE_ORDER_MARK = '\uFEFF';
/** Of one kind: an ILR file holds its kinds one after the other. */
const LEARNER = /<Learner>[^]*?<\/Learner>/g;

/** The same file once more: as it was, packed, in the other ways its text can be written, and its records in another order. */
export function repeatsOf(file: FeedFile, random: Random): RepeatedFile[] {
  const { entry, text } = file;
  const request = requestOf(entry);
  const again = (way: string, bytes: string | Buffer, more: Partial<RepeatedFile> & { readonly request?: SubmissionRequest } = {}): RepeatedFile => ({ way, bytes: Buffer.from(bytes as string), request, refused: false, ...more });
  const repeats = [
    again('as it was', text),
    again('packed', gzipSync(text), { request: { ...request, contentEncoding: 'gzip' } }),
    again('with a byte order mark', BYTE_ORDER_MARK + text),
    again('in UTF-16', Buffer.from(BYTE_ORDER_MARK + text, 'utf16le'), { refused: true }),
  ];
  if (!text.includes('\r')) repeats.push(again('with other line ends', text.replaceAll('\n', '\r\n')));
  const other = reordered(text, entry.mediaType, random);
  if (other !== text) repeats.push(again('in another order', other), again('in another order and encoding', BYTE_ORDER_MARK + other));
  return repeats;
}

/** The same records in another order; the text itself where it holds but one, or order is not its records' alone. */
function reordered(text: string, mediaType: string, random: Random): string {
  if (mediaType.includes('csv')) {
    const [head, ...rows] = text.trimEnd().split('\n');
    // A record of several lines would be torn.
    return rows.some((row) => (row.split('"').length - 1) % 2 === 1) ? text : `${[head, ...shuffled(rows, random)].join('\n')}\n`;
  }
  if (mediaType.includes('ndjson')) return `${shuffled(text.trimEnd().split('\n'), random).join('\n')}\n`;
  const learners = shuffled(text.match(LEARNER) ?? [], random);
  return text.replace(LEARNER, () => learners.pop()!);
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  const rest = [...items];
  return Array.from({ length: rest.length }, () => rest.splice(random.between(0, rest.length - 1), 1)[0]!);
}
