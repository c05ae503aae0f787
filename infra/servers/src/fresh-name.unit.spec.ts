import { freshName } from './fresh-name.js';

it('gives another name each time, of letters', () => {
  const names = Array.from({ length: 1_000 }, () => freshName('council'));
  expect(new Set(names).size).toBe(1_000);
  for (const name of names) expect(name).toMatch(/^council-[a-z]{8}$/);
});
