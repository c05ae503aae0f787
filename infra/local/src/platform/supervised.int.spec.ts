import { isAlive, startChild, waitFor } from '@throughline/servers';
import { supervise } from './supervised.js';

const launch = () => startChild({ command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e9)'] });

test('what is killed is started again, until it is stopped', async () => {
  const told: string[] = [];
  const unit = await supervise({ name: 'thing', launch, restart: true, tell: (line) => told.push(line) });
  const first = unit.pid();
  unit.kill();
  await waitFor(() => unit.pid() !== first && isAlive(unit.pid()), { what: 'a new process' });
  expect(told).toEqual(['thing ended unasked; it is started again in 0.5 s']);

  const second = unit.pid();
  await unit.stop();
  expect(isAlive(second)).toBe(false);
  expect(unit.pid()).toBe(second);
});

test('a start that fails later is told and tried again', async () => {
  const told: string[] = [];
  let launches = 0;
  const unit = await supervise({
    name: 'thing',
    restart: true,
    tell: (line) => told.push(line),
    launch: () => {
      launches += 1;
      return launches === 2 ? Promise.reject(new Error('no room')) : launch();
    },
  });
  const first = unit.pid();
  unit.kill();
  await waitFor(() => unit.pid() !== first, { what: 'a new process' });
  expect(told).toContain('thing could not be started: no room');
  await unit.stop();
});

test('where the caller decides, it stays down until told', async () => {
  const unit = await supervise({ name: 'thing', launch, restart: false, tell: () => undefined });
  const first = unit.pid();
  unit.kill();
  await unit.exited();
  expect(unit.pid()).toBe(first);
  await unit.restart();
  expect(unit.pid()).not.toBe(first);
  await unit.stop();
});

test('a first start that fails is the caller’s to know', async () => {
  const failing = supervise({ name: 'thing', restart: true, tell: () => undefined, launch: () => Promise.reject(new Error('no')) });
  await expect(failing).rejects.toThrow('no');
});
