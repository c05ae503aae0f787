import { restartSection } from './restart-section.js';

const restarts = (again: readonly number[]) => ({ participants: 200_000, waiting: 1_000, bare: [2, 9, 1], again });

it('what is taken up is told apart from the process’s own start, by medians', () => {
  const { rows, verdicts } = restartSection(restarts([2.5, 2.75, 99]), [{ name: 'engine', bare: 3, free: 12.5 }]);
  expect(rows).toEqual([
    ['bare start', '2.00', ''],
    ['started at once after kill -9', '2.75', '0.75'],
    ['engine: first start', '3.00', ''],
    ['engine: started once its group had let go of it', '12.50', '9.50'],
  ]);
  expect(verdicts).toEqual([{ target: expect.stringContaining('less than 1 s') as string, measured: '0.75 s', met: true }]);
});

it('a second beyond it is too late', () => {
  expect(restartSection(restarts([3, 3, 3]), []).verdicts[0]).toMatchObject({ measured: '1.00 s', met: false });
});
