import { SubmissionRefused } from '../adapter-declaration.js';
import type { PayloadFormat, ReadLimits, RecordFault } from '../adapter-declaration.js';
import { decodeUtf8 } from './utf8.js';

/** One JSON document of a payload. */
export type JsonDocument =
  | { readonly ordinal: number; readonly line: number; readonly value: unknown; readonly fault: null }
  /** A line of NDJSON that is no JSON: a record that cannot be read, the others can. */
  | { readonly ordinal: number; readonly line: number; readonly value: undefined; readonly fault: RecordFault };

type Shape = { readonly kind: 'whole' } | { readonly kind: 'unfinished' } | { readonly kind: 'too-deep' } | { readonly kind: 'text-too-long' };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Depth and length of strings, before `JSON.parse` is let at the text: nesting costs it stack and memory. */
const shapeOf = (text: string, limits: ReadLimits): Shape => {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit === QUOTE) {
      const start = at;
      at += 1;
      while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
      if (at - start - 1 > limits.textLength) return { kind: 'text-too-long' };
      if (at >= text.length) return { kind: 'unfinished' };
    } else if (unit === 0x7b || unit === 0x5b) {
      depth += 1;
      if (depth > limits.depth) return { kind: 'too-deep' };
    } else if (unit === 0x7d || unit === 0x5d) {
      depth -= 1;
    }
  }
  return { kind: depth > 0 ? 'unfinished' : 'whole' };
};

const refuse = (code: SubmissionRefused['code'], line: number, expected: string, remedy: string): never => {
  throw new SubmissionRefused(code, `line ${line}`, expected, remedy);
};

/** Refuses the payload for what no reader may swallow; says whether the text is finished. */
const checkedShape = (text: string, line: number, limits: ReadLimits): 'whole' | 'unfinished' => {
  const shape = shapeOf(text, limits);
  switch (shape.kind) {
    case 'too-deep':
      return refuse('too-deep', line, `at most ${limits.depth} nested objects and arrays`, 'Check the document at this line.');
    case 'text-too-long':
      return refuse('text-too-long', line, `at most ${limits.textLength} characters in one text`, 'Shorten the text.');
    case 'unfinished':
    case 'whole':
      return shape.kind;
  }
};

// The parser's own message repeats what stands in the text, so it is not passed on.
const parse = (text: string): { readonly value: unknown } | undefined => {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
};

const tooLarge = (line: number, limits: ReadLimits): never =>
  refuse('record-too-large', line, `at most ${limits.recordBytes} bytes in one document`, 'Send one document a line (NDJSON), each smaller.');

/** Counts UTF-8 bytes only where the UTF-16 length does not already decide. */
const exceeds = (text: string, bytes: number): boolean =>
  text.length > bytes || (text.length * 3 > bytes && Buffer.byteLength(text) > bytes);

async function* readSingle(payload: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<JsonDocument, void, void> {
  const pieces: string[] = [];
  let length = 0;
  for await (const piece of decodeUtf8(payload)) {
    length += piece.length;
    if (length > limits.recordBytes) tooLarge(1, limits);
    pieces.push(piece);
  }
  const text = pieces.join('');
  if (exceeds(text, limits.recordBytes)) tooLarge(1, limits);
  if (text.trim() === '') refuse('empty', 1, 'a JSON document', 'Send the document itself; it is empty.');
  const shape = checkedShape(text, 1, limits);
  const parsed = parse(text);
  if (parsed === undefined) {
    if (shape === 'unfinished') refuse('truncated', text.split('\n').length, 'the end of the document', 'It breaks off here; send all of it.');
    refuse('malformed', 1, 'one JSON document', 'Check it with a JSON tool; many documents go as NDJSON, one a line.');
  }
  yield { ordinal: 1, line: 1, value: parsed?.value, fault: null };
}

const LINE_FAULT: RecordFault = {
  code: 'bad-format',
  path: 'line',
  expected: 'one JSON document on the line',
  remedy: 'Write the document without line breaks inside and send it again.',
};

async function* readLines(payload: AsyncIterable<Uint8Array>, limits: ReadLimits): AsyncGenerator<JsonDocument, void, void> {
  let ordinal = 0;
  let line = 0;
  let rest: string[] = [];
  let restLength = 0;

  const document = (text: string, ended: boolean): JsonDocument | undefined => {
    line += 1;
    if (exceeds(text, limits.recordBytes)) tooLarge(line, limits);
    if (text.trim() === '') return undefined;
    ordinal += 1;
    const shape = checkedShape(text, line, limits);
    const parsed = parse(text);
    if (parsed !== undefined) return { ordinal, line, value: parsed.value, fault: null };
    if (shape === 'unfinished' && !ended) {
      refuse('truncated', line, 'the end of the last document', 'The payload breaks off in this line; send all of it.');
    }
    return { ordinal, line, value: undefined, fault: LINE_FAULT };
  };

  for await (const piece of decodeUtf8(payload)) {
    let from = 0;
    for (let at = piece.indexOf('\n'); at !== -1; at = piece.indexOf('\n', from)) {
      rest.push(piece.slice(from, at));
      const found = document(rest.join(''), true);
      rest = [];
      restLength = 0;
      from = at + 1;
      if (found !== undefined) yield found;
    }
    rest.push(piece.slice(from));
    restLength += piece.length - from;
    if (restLength > limits.recordBytes) tooLarge(line + 1, limits);
  }
  const last = document(rest.join(''), false);
  if (last !== undefined) yield last;
  if (ordinal === 0) refuse('empty', 1, 'at least one JSON document', 'Send one JSON document a line.');
}

/**
 * Reads a JSON payload (`json`: one document; `ndjson`: one a line) as strict UTF-8 under the limits of depth, text and
 * document size. A line of NDJSON that is no JSON is a fault of that record; anything that makes the payload as a whole
 * unfit (encoding, truncated, too deep, too large, a single document that is no JSON) throws {@link SubmissionRefused}.
 */
export const readJson = (
  payload: AsyncIterable<Uint8Array>,
  options: { readonly format: Extract<PayloadFormat, 'json' | 'ndjson'>; readonly limits: ReadLimits },
): AsyncGenerator<JsonDocument, void, void> =>
  options.format === 'json' ? readSingle(payload, options.limits) : readLines(payload, options.limits);
