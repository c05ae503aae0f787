import { problem } from '../view.js';

/** Ways of writing the feed. */
const FORMATS = ['csv', 'json'] as const;
export type FeedFormat = (typeof FORMATS)[number];

/**
 * The format that a query asks for; undefined: none, the `accept` header decides. A parameter that is overlooked would answer
 * with figures that were not asked for, so one that is not known is refused.
 *
 * @throws HttpException 400 `UNKNOWN_PARAMETER`, `UNKNOWN_FORMAT`
 */
export function feedFormat({ format, ...others }: Readonly<Record<string, unknown>>): FeedFormat | undefined {
  if (Object.keys(others).length > 0) {
    throw problem(400, 'UNKNOWN_PARAMETER', 'Ask without it, and filter the rows of the answer: format is the only parameter, and the feed has no filter.', { known: ['format'] });
  }
  const found = FORMATS.find((each) => each === format);
  if (format !== undefined && found === undefined) throw problem(400, 'UNKNOWN_FORMAT', 'Ask for format=csv or format=json.', { known: FORMATS });
  return found;
}
