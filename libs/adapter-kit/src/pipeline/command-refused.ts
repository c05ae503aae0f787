import type { Command } from '../intake/receipts.js';
import { ENDED_STATES } from '../ledger/submission-state.js';
import type { SubmissionState } from '../ledger/submission-state.js';

/** Thrown when a command does not fit the submission's state. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';
  readonly code = 'wrong-state';
  constructor(
    readonly state: SubmissionState,
    readonly expected: string,
    readonly remedy: string,
  ) {
    super(`the submission is ${state}; ${expected}`);
  }
}

/** Throws {@link CommandRefused} where a submission in that state does not take the command. */
export const refuseUnfit = (command: Command, state: SubmissionState): void => {
  const gone = state !== 'published' && ENDED_STATES.includes(state);
  if (command === 'withdraw' ? !gone && state !== 'held' : state === 'held') return;
  const expected = command === 'withdraw' ? 'only what was published can be withdrawn' : `only a held submission can be ${command}ed`;
  const remedy = command === 'withdraw' && state === 'held' ? 'Reject it: nothing of it was published.' : 'Nothing to do: look at its report.';
  throw new CommandRefused(state, expected, remedy);
};
