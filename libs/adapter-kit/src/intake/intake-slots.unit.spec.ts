import { jest } from '@jest/globals';
import { IntakeSlots } from './intake-slots.js';

const LIMITS = { slots: 4, waiting: 2, waitMs: 1_000 };
/** How it stands with what was asked for, once everything that is due has happened. */
const states = async (...asked: readonly Promise<unknown>[]): Promise<string[]> => {
  const found = asked.map((each) => {
    const state = { is: 'waits' };
    each.then(
      () => (state.is = 'has'),
      (error: { code: string }) => (state.is = error.code),
    );
    return state;
  });
  await new Promise((resolve) => setImmediate(resolve));
  return found.map(({ is }) => is);
};

describe('slots of the intake', () => {
  beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] }));
  afterEach(() => void jest.useRealTimers());

  it('are given in the order asked for, wide ones too, and each once', async () => {
    const slots = new IntakeSlots(LIMITS);
    const [first, second] = [await slots.take(), await slots.take(2)];
    const wide = slots.take(3);
    const narrow = slots.take();
    expect(await states(wide, narrow)).toEqual(['waits', 'waits']);
    first();
    first();
    expect(await states(wide, narrow)).toEqual(['waits', 'waits']);
    second();
    expect(await states(wide, narrow)).toEqual(['has', 'has']);
    (await wide)();
    (await narrow)();
    expect(await states(slots.take(4))).toEqual(['has']);
  });

  it('are refused at once behind too many, and after a while behind others; the next moves up', async () => {
    const slots = new IntakeSlots(LIMITS);
    const first = await slots.take(3);
    const wide = slots.take(2);
    jest.advanceTimersByTime(600);
    const narrow = slots.take();
    expect(await states(wide, narrow, slots.take())).toEqual(['waits', 'waits', 'busy']);
    jest.advanceTimersByTime(400);
    expect(await states(wide, narrow)).toEqual(['busy', 'has']);
    await expect(wide).rejects.toMatchObject({ retryAfterSeconds: expect.any(Number) as number });
    // What was given up holds nothing.
    first();
    (await narrow)();
    expect(await states(slots.take(9))).toEqual(['has']);
  });
});
