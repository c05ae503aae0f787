import { SubmissionRefused } from '../adapter-declaration.js';

/** Pieces no larger than this reach a parser, so that its limits are looked at often enough whatever the sender's chunks. */
const PIECE_BYTES = 64 * 1024;

const REMEDY = 'Save the file as UTF-8 and send it again (in Excel: "CSV UTF-8 (comma delimited)").';

const NEWLINE = 0x0a;

const countNewlines = (bytes: Uint8Array): number => {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at !== -1; at = bytes.indexOf(NEWLINE, at + 1)) count += 1;
  return count;
};

const refuseUtf16 = (start: Uint8Array): void => {
  const [first, second] = start;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (marked || first === 0 || second === 0) {
    throw new SubmissionRefused('wrong-encoding', 'line 1', 'UTF-8, this looks like UTF-16', REMEDY);
  }
};

/**
 * Decodes a payload as strict UTF-8 in pieces of bounded size, without its byte order mark.
 * Throws {@link SubmissionRefused}: `wrong-encoding` with the line of the first byte that is not UTF-8 (UTF-16 and Latin-1
 * are told by that), `empty` for a payload without a byte.
 */
export async function* decodeUtf8(payload: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  let started = false;

  const refuse = (): never => {
    throw new SubmissionRefused('wrong-encoding', `line ${line}`, 'UTF-8', REMEDY);
  };
  const decode = (bytes: Uint8Array, last: boolean): string => {
    try {
      return decoder.decode(bytes, { stream: !last });
    } catch {
      return refuse();
    }
  };

  let head: Uint8Array = new Uint8Array(0);
  for await (const chunk of payload) {
    let bytes = chunk;
    if (!started) {
      // Two bytes tell UTF-16; a sender may drip them one by one.
      head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
      if (head.length < 2) continue;
      refuseUtf16(head);
      started = true;
      bytes = head;
    }
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      const piece = bytes.subarray(at, at + PIECE_BYTES);
      const text = decode(piece, false);
      line += countNewlines(piece);
      if (text !== '') yield text;
    }
  }
  if (!started) {
    if (head.length === 0) throw new SubmissionRefused('empty', 'line 1', 'a payload', 'Send the file itself; nothing arrived.');
    const text = decode(head, false);
    if (text !== '') yield text;
  }
  // A multi-byte character cut off by the end of the payload shows only here.
  decode(new Uint8Array(0), true);
}
