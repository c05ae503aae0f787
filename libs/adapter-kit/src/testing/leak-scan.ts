/** The ways a value may stand in text or bytes without being in the clear: searched for by the leak test. */
const formsOf = (value: string): readonly string[] => {
  const spaced = value.replaceAll(' ', '');
  const texts = [...new Set([value, value.toUpperCase(), value.toLowerCase(), encodeURIComponent(value), spaced])];
  const bytes = texts.map((text) => Buffer.from(text));
  return [...texts, ...bytes.map((each) => each.toString('hex')), ...bytes.flatMap(base64Forms)];
};

/** Base64 of a value inside a longer text depends on where it begins: three phases, without the characters that mix in neighbours. */
const base64Forms = (bytes: Buffer): readonly string[] =>
  [0, 1, 2].flatMap((phase) => {
    const encoded = Buffer.concat([Buffer.alloc(phase), bytes]).toString('base64').replaceAll('=', '');
    const inner = encoded.slice(phase === 0 ? 0 : phase + 1, bytes.length % 3 === (3 - phase) % 3 ? undefined : -1);
    return inner.length < 6 ? [] : [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });

/** Where any form of any of the values stands; values shorter than four characters would be found by chance. */
export const leaksOf = (values: readonly string[], places: ReadonlyMap<string, Buffer>): string[] => {
  const forms = values.filter((value) => value.length >= 4).flatMap((value, index) => formsOf(value).map((form) => ({ index, form })));
  return [...places].flatMap(([place, content]) => forms.filter(({ form }) => content.includes(form)).map(({ index }) => `identifier ${index} in ${place}`));
};
