import { GenerationKeys, keysUnder, TIMELINE_BUCKETS } from './generation-keys.js';

it('knows every key that there is under a tag', () => {
  const keys = new GenerationKeys(7);
  const { buckets, ...partition } = keys.partition('nhs.3');
  const names = [
    ...Object.values(partition),
    ...Array.from({ length: TIMELINE_BUCKETS }, (_, bucket) => buckets + bucket),
    ...Object.values(keys.bucket(5)),
    keys.shares(),
    keys.topics('misplaced'),
    keys.link('stamp'),
  ];
  for (const name of names) expect(keysUnder(name.slice(0, name.indexOf('}:') + 2))).toContain(name);
});
