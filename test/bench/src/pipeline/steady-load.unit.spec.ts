import { SteadyLoad } from './steady-load.js';

const peopleIn = (files: readonly string[]): string[] => files.flatMap((file) => file.trimEnd().split('\n').slice(1).map((row) => row.split(',')[3]!));

it('nobody is referred twice, in a burst or afterwards', async () => {
  const files: string[] = [];
  let enough: () => void = () => undefined;
  const sent = new Promise<void>((resolve) => (enough = resolve));
  const load = new SteadyLoad(async (file) => {
    files.push(file);
    if (files.length === 6) enough();
  });
  expect(await load.burst(3)).toBe(150);
  load.start(1e6);
  await sent;
  await load.stop();
  const people = peopleIn(files);
  expect(people.length).toBeGreaterThanOrEqual(300);
  expect(new Set(people).size).toBe(people.length);
});

it('whoever stops it is told that a file was not taken', async () => {
  const load = new SteadyLoad(() => Promise.reject(new Error('429')));
  load.start(1e6);
  await expect(load.stop()).rejects.toThrow('429');
});
