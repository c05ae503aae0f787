import { links } from './links-command.js';

/** Nobody listens there: whoever asks anything of it fails otherwise. */
const NOWHERE = 'http://127.0.0.1:1';

it.each([[['--help']], [['-h']], [['split', '--help']]])('%j says how it is used, and asks nobody', async (words) => {
  expect(await links(words, NOWHERE)).toContain('links -- withdraw <decision>');
});

it.each([[[]], [['nope']], [['list', '--nope']], [['list', '--most', '0']], [['split']], [['join', 'aa', '--from', 'bb']], [['withdraw']]])('%j is refused with the usage, and nobody is asked', async (words) => {
  await expect(links(words, NOWHERE)).rejects.toMatchObject({ code: 'SETTING_INVALID', message: expect.stringContaining('links -- withdraw <decision>') as string });
});
