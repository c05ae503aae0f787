import { parse } from 'csv-parse';
import { once } from 'node:events';
import { SaxesParser } from 'saxes';

/** Reads a payload to its end with nothing but a parser. @returns how many records it found */
export type BareParser = (payload: AsyncIterable<Uint8Array>) => Promise<number>;

/** Every element, attribute and text; counts the elements of these names. */
export const bareXml =
  (recordElements: readonly string[]): BareParser =>
  async (payload) => {
    const parser = new SaxesParser({ xmlns: true });
    const text = new TextDecoder('utf-8', { fatal: true });
    let records = 0;
    let characters = 0;
    parser.on('opentag', ({ local }) => {
      if (recordElements.includes(local)) records += 1;
    });
    parser.on('text', (value) => (characters += value.length));
    parser.on('closetag', () => undefined);
    for await (const chunk of payload) parser.write(text.decode(chunk, { stream: true }));
    parser.close();
    return characters > 0 ? records : 0;
  };

/** Every row as an array of fields; counts those under the header. */
export const bareCsv: BareParser = async (payload) => {
  const parser = parse();
  let rows = 0;
  parser.on('data', () => (rows += 1));
  for await (const chunk of payload) if (!parser.write(chunk)) await once(parser, 'drain');
  parser.end();
  await once(parser, 'end');
  return rows - 1;
};

/** Every line through JSON.parse. */
export const bareNdjson: BareParser = async (payload) => {
  const text = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  let documents = 0;
  const take = (line: string): void => {
    if (line !== '' && JSON.parse(line) !== null) documents += 1;
  };
  for await (const chunk of payload) {
    const lines = (rest + text.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  }
  take(rest);
  return documents;
};
