import { expectedCode, isCodeField } from '../codes/event-codes.js';
import { FAULT_CODES, REFUSAL_CODES } from '../adapter-declaration.js';
import type { AdapterDeclaration, FeedDeclaration } from '../adapter-declaration.js';
import type { ColumnsDeclaration, IdentifierPolicy } from '../field-declaration.js';

const POLICIES: Readonly<Record<IdentifierPolicy, string>> = {
  refuse: 'the record is refused',
  quarantine: 'facts flow, the identifier makes no token and cannot link',
  flag: 'a token is made and marked as failed',
};

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string[] => [row(...head), `|${'---|'.repeat(head.length)}`, ...rows.map((cells) => row(...cells))];

const PARAMETERS: Readonly<Record<keyof FeedDeclaration['parameters'], string>> = {
  asOf: 'instant as of when the payload speaks, such as `2026-05-01T09:00:00Z`: when the source made the file',
  fullExtract: '`true` where the payload is everything the source holds, so that what is missing is withdrawn',
  programme: 'id of the programme the submission belongs to',
  part: 'which of the files it is',
};

const parameterRows = ({ parameters, parts = [] }: FeedDeclaration): string[][] =>
  (Object.keys(PARAMETERS) as (keyof typeof PARAMETERS)[])
    .flatMap((name) => {
      const use = parameters[name] ?? 'not-used';
      const known = name === 'part' ? `: ${parts.map(code).join(', ')}` : '';
      return use === 'not-used' ? [] : [[code(name), use, `${PARAMETERS[name]}${known}`]];
    });

const section = (title: string, lines: readonly string[]): string[] => (lines.length === 0 ? [] : ['', `### ${title}`, '', ...lines]);

/** Columns that a file may have and whose values nobody looks at. */
const notRead = ({ fields }: FeedDeclaration, { part, optional }: ColumnsDeclaration): readonly string[] => {
  const read = new Set(fields.map(({ path }) => path));
  return optional.filter((column) => !read.has(column) && !read.has(`${part ?? ''}: ${column}`));
};

const describeColumns = (feed: FeedDeclaration): string[] => {
  const list = (names: readonly string[]): string => (names.length === 0 ? '–' : names.map(code).join(', '));
  const rows = (feed.columns ?? []).map((columns) => {
    const ignored = notRead(feed, columns);
    return [columns.part === null ? 'every file' : code(columns.part), list(columns.required), list(columns.optional.filter((column) => !ignored.includes(column))), list(ignored)];
  });
  if (rows.length === 0) return [];
  return section('Columns', [
    'Any other column, and any of these twice, refuses the file (`wrong-header`). Order and case do not matter. A column must be in the header even where its cells may be empty.',
    '',
    ...table(['File', 'Must be in the header', 'May be, and is read', 'May be, and is not read'], rows),
  ]);
};

const describeFeed = (feed: FeedDeclaration): string[] => {
  const parameters = parameterRows(feed);
  const coded = feed.fields.filter(({ codes }) => codes !== undefined && codes.length > 0);
  return [
    '',
    `## ${feed.title} (\`${feed.id}\`)`,
    '',
    ...table(['Format', 'Media types'], feed.formats.map(({ format, mediaTypes }) => [format, mediaTypes.map(code).join(', ')])),
    '',
    `Becomes the events ${feed.events.map(code).join(', ')}; source system ${code(feed.system)}, evidence ${code(feed.evidence)}.`,
    ...section('Parameters', parameters.length === 0 ? ['None: the format says everything itself.'] : table(['Parameter', 'Use', 'Meaning'], parameters)),
    ...section(
      'Identifiers',
      feed.identifiers.length === 0
        ? ['None: this feed cannot be linked to others.']
        : table(['Identifier', 'Field', 'Where its check fails'], feed.identifiers.map(({ kind, field, policy }) => [code(kind), code(field), POLICIES[policy]])),
    ),
    ...section(
      'Fields',
      table(
        ['Field', 'Required', 'Meaning', 'Feeds'],
        feed.fields.map(({ path, required, meaning, feeds }) => [code(path), required ? 'yes' : 'no', withShape(meaning, feeds), feeds.length === 0 ? '–' : feeds.map(code).join(', ')]),
      ),
    ),
    ...describeColumns(feed),
    ...coded.flatMap(({ path, codes = [] }) => section(`Codes of ${code(path)}`, table(['Code', 'Becomes'], codes.map(({ code: value, meaning }) => [code(value), meaning])))),
  ];
};

/** A code that goes out as written is said to have a shape, unless it is looked up (a postcode's district). */
const withShape = (meaning: string, feeds: readonly string[]): string => {
  const field = feeds.find((each) => isCodeField(each) && !LOOKED_UP.includes(each));
  return field === undefined || !isCodeField(field) ? meaning : `${meaning}; ${expectedCode(field)}`;
};
const LOOKED_UP = ['CircumstancesReported.district', 'CircumstancesReported.ward'];

/**
 * The page of an adapter for partners' technical staff, from its declaration alone. Written to `docs/partners/<name>.md`;
 * the conformance suite fails when the file says something else.
 */
export const describeAdapter = (adapter: AdapterDeclaration): string =>
  [
    `# ${adapter.title}`,
    '',
    `Generated from the declaration of \`services/${adapter.name}-adapter\`; do not edit.`,
    '',
    'Send a payload with `POST /submissions?feed=<feed>`; try it first with `mode=validate`, which answers with the report and keeps nothing.',
    ...adapter.feeds.flatMap(describeFeed),
    '',
    '## Codes in reports',
    '',
    `A record can be refused with ${FAULT_CODES.map(code).join(', ')}.`,
    '',
    `A submission can be refused as a whole with ${REFUSAL_CODES.map(code).join(', ')}.`,
    '',
  ].join('\n');
