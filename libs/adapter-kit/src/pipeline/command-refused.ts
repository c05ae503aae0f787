import type { Command } from '../intake/receipts.js';
import { SETTLED_STATES } from '../ledger/submission-state.js';
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

/**
 * Whether a settled submission has words that can be taken back. @param told the log told of it when the ledger was restored:
 * then something of it was published, though it was held and turned down or overtaken since.
 */
export const isWithdrawable = (state: SubmissionState, told: boolean): boolean =>
  state === 'published' || (told && (state === 'rejected' || state === 'superseded'));

/** Throws {@link CommandRefused} where a submission in that state does not take the command. @param told see {@link isWithdrawable}. */
export const refuseUnfit = (command: Command, state: SubmissionState, told: boolean): void => {
  const fits = command === 'withdraw' ? isWithdrawable(state, told) || !SETTLED_STATES.includes(state) : state === 'held';
  if (fits) return;
  const expected = command === 'withdraw' ? 'only what was published can be withdrawn' : `only a held submission can be ${command}ed`;
  throw new CommandRefused(state, expected, command === 'withdraw' && state === 'held' ? HELD_REMEDIES[told ? 'told' : 'untold'] : 'Nothing to do: look at its report.');
};

const HELD_REMEDIES = {
  told: 'Reject it, then withdraw it: something of it was published before the ledger was lost.',
  untold: 'Reject it: as far as the ledger knows, nothing of it was published.',
} as const;
