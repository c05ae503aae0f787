import { SaxesParser } from 'saxes';
import type { SaxesTagNS } from 'saxes';
import { SubmissionRefused } from '../adapter-declaration.js';
import type { ReadLimits } from '../adapter-declaration.js';
import { decodeUtf8 } from './utf8.js';

/** One element with all below it. Elements of other namespaces than the root's are read over, not kept. */
export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Path of local names from the root: `Message/Learner`. */
  readonly path: string;
  readonly namespace: string;
  /** Attributes without namespace declarations, by name as written. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The element's own text, trimmed; children's text is theirs. */
  readonly text: string;
  readonly children: readonly XmlElement[];
  /** Line of the opening tag, from 1. */
  readonly line: number;
}

export interface XmlReadOptions {
  /**
   * Paths of the elements to yield, from the one root of all, each with all below it: `Message/Header`, `Message/Learner`; the
   * root's name alone for a document that is one record.
   */
  readonly paths: readonly [string, ...string[]];
  /** Namespace of the root element. */
  readonly namespace: string | RegExp;
  /** Said in the refusal: the namespace a partner should have sent. */
  readonly expectedNamespace?: string;
  readonly limits: ReadLimits;
}

/** Attributes of one element; ILR and FHIR need fewer than ten. */
const MAX_ATTRIBUTES = 128;

interface OpenElement {
  readonly name: string;
  readonly path: string;
  readonly namespace: string;
  readonly attributes: Record<string, string>;
  text: string;
  readonly children: XmlElement[];
  readonly line: number;
}

const refused = (
  code: SubmissionRefused['code'],
  line: number,
  expected: string,
  remedy: string,
): SubmissionRefused => new SubmissionRefused(code, `line ${line}`, expected, remedy);

/**
 * Builds the subtrees asked for from a stream of tags, and holds nothing else. Order of the document is order of the
 * output; memory is bounded by one record.
 */
class SubtreeBuilder {
  readonly ready: XmlElement[] = [];
  rootClosed = false;

  #fault: SubmissionRefused | undefined;
  readonly #options: XmlReadOptions;
  readonly #limits: ReadLimits;
  readonly #parser = new SaxesParser<{ xmlns: true }>({ xmlns: true });
  readonly #wanted: ReadonlySet<string>;
  readonly #path: string[] = [];
  readonly #open: OpenElement[] = [];
  #rootNamespace = '';
  /** Depth at which a subtree of another namespace began; 0: none. */
  #foreignFrom = 0;
  #attributes = 0;
  #sinceEvent = 0;
  #subtreeUnits = 0;

  constructor(options: XmlReadOptions) {
    this.#options = options;
    this.#limits = options.limits;
    this.#wanted = new Set(options.paths);
    const parser = this.#parser;
    parser.on('error', () => {
      this.#fail('malformed', 'well-formed XML', 'Check the file with an XML tool at this line and send it again.');
    });
    parser.on('xmldecl', ({ encoding }) => {
      this.#sinceEvent = 0;
      if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
        this.#fail('wrong-encoding', 'encoding="UTF-8" in the XML declaration', 'Save the file as UTF-8 and declare it so.');
      }
    });
    parser.on('doctype', () => {
      this.#fail('doctype-forbidden', 'no DOCTYPE', 'Remove the DOCTYPE declaration; none of these formats needs one.');
    });
    parser.on('comment', () => (this.#sinceEvent = 0));
    parser.on('processinginstruction', () => (this.#sinceEvent = 0));
    parser.on('opentagstart', () => {
      this.#sinceEvent = 0;
      this.#attributes = 0;
    });
    parser.on('attribute', ({ value }) => {
      this.#sinceEvent = 0;
      this.#attributes += 1;
      if (value.length > this.#limits.textLength) this.#tooLong();
      if (this.#attributes > MAX_ATTRIBUTES) {
        this.#fail('malformed', `at most ${MAX_ATTRIBUTES} attributes of an element`, 'Check the file at this line.');
      }
    });
    parser.on('opentag', (tag) => this.#openTag(tag));
    parser.on('text', (text) => this.#text(text));
    parser.on('cdata', (text) => this.#text(text));
    parser.on('closetag', () => this.#closeTag());
  }

  write(text: string): void {
    // What the parser itself gathers (a text, a tag, a comment, a DOCTYPE) is bounded here: it reports only whole ones.
    this.#sinceEvent += text.length;
    if (this.#open.length > 0) this.#subtreeUnits += text.length;
    this.#parser.write(text);
    this.#throwFault();
    if (this.#sinceEvent > this.#limits.textLength + text.length) this.#tooLong();
    if (this.#open.length > 0 && this.#subtreeUnits > this.#limits.recordBytes + text.length) {
      this.#fail(
        'record-too-large',
        `at most ${this.#limits.recordBytes} bytes in one ${this.#open[0]?.name ?? 'record'}`,
        'Check that the record is closed, and split it if it is really so large.',
      );
    }
    this.#throwFault();
  }

  end(): void {
    if (!this.rootClosed) {
      throw refused('truncated', this.#parser.line, 'the end of the document', 'The file breaks off here; send all of it.');
    }
    this.#parser.close();
    this.#throwFault();
  }

  #throwFault(): void {
    if (this.#fault !== undefined) throw this.#fault;
  }

  #fail(code: SubmissionRefused['code'], expected: string, remedy: string): void {
    this.#fault ??= refused(code, this.#parser.line, expected, remedy);
  }

  #tooLong(): void {
    this.#fail('text-too-long', `at most ${this.#limits.textLength} characters in one text, tag or comment`, 'Shorten it.');
  }

  #openTag(tag: SaxesTagNS): void {
    this.#sinceEvent = 0;
    if (this.#fault !== undefined) return;
    if (this.#path.length === 0) this.#checkRoot(tag);
    this.#path.push(tag.local);
    if (this.#path.length > this.#limits.depth) {
      this.#fail('too-deep', `at most ${this.#limits.depth} nested elements`, 'Check the file at this line.');
      return;
    }
    if (this.#foreignFrom > 0) return;
    if (tag.uri !== this.#rootNamespace) {
      this.#foreignFrom = this.#path.length;
      return;
    }
    const path = this.#path.join('/');
    if (this.#open.length === 0) {
      if (!this.#wanted.has(path)) return;
      this.#subtreeUnits = 0;
    }
    const attributes: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns') attributes[attribute.name] = attribute.value;
    }
    this.#open.push({
      name: tag.local,
      path,
      namespace: tag.uri,
      attributes,
      text: '',
      children: [],
      line: this.#parser.line,
    });
  }

  #checkRoot(tag: SaxesTagNS): void {
    const [root] = this.#options.paths[0].split('/');
    const { namespace, expectedNamespace } = this.#options;
    if (tag.local !== root) {
      this.#fail('not-this-format', `the root element ${root ?? ''}`, 'Check that this is the right file for this feed.');
      return;
    }
    const matches = typeof namespace === 'string' ? tag.uri === namespace : namespace.test(tag.uri);
    if (!matches) {
      const expected = expectedNamespace ?? (typeof namespace === 'string' ? namespace : 'the namespace of this format');
      this.#fail('wrong-namespace', `${root} in namespace ${expected}`, 'Export the file for this format and version.');
      return;
    }
    this.#rootNamespace = tag.uri;
  }

  #text(text: string): void {
    this.#sinceEvent = 0;
    if (text.length > this.#limits.textLength) {
      this.#tooLong();
      return;
    }
    const current = this.#foreignFrom > 0 ? undefined : this.#open.at(-1);
    if (current === undefined) return;
    current.text += text;
    if (current.text.length > this.#limits.textLength) this.#tooLong();
  }

  #closeTag(): void {
    this.#sinceEvent = 0;
    const depth = this.#path.length;
    this.#path.pop();
    if (depth === 1) this.rootClosed = true;
    if (this.#fault !== undefined) return;
    if (this.#foreignFrom > 0) {
      if (depth === this.#foreignFrom) this.#foreignFrom = 0;
      return;
    }
    const closed = this.#open.pop();
    if (closed === undefined) return;
    const element: XmlElement = { ...closed, text: closed.text.trim() };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.ready.push(element);
    else parent.children.push(element);
  }
}

/**
 * Reads an XML payload as it streams in and yields the elements asked for in document order; tell them by `path`.
 * Strict: UTF-8, well-formed, the root in its namespace, no DOCTYPE (so no entity of its own), bounded depth, text, tag and
 * record. Throws {@link SubmissionRefused} with the line. A record is yielded before the rest of the document is known to
 * be well-formed: whoever acts on records must wait for the end.
 */
export async function* readXml(
  payload: AsyncIterable<Uint8Array>,
  options: XmlReadOptions,
): AsyncGenerator<XmlElement, void, void> {
  const builder = new SubtreeBuilder(options);
  for await (const text of decodeUtf8(payload)) {
    builder.write(text);
    if (builder.ready.length > 0) yield* builder.ready.splice(0);
  }
  builder.end();
  yield* builder.ready.splice(0);
}

/** Children of that local name, in document order. */
export const childrenOf = (element: XmlElement, name: string): readonly XmlElement[] =>
  element.children.filter((child) => child.name === name);

/** First child of that local name. */
export const childOf = (element: XmlElement, name: string): XmlElement | undefined =>
  element.children.find((child) => child.name === name);

/** Trimmed text of the first child of that local name; undefined where there is none. */
export const textOf = (element: XmlElement, name: string): string | undefined => childOf(element, name)?.text;
