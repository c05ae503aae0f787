/** The code of what `act` throws; fails the test when it throws nothing or something without a code. */
export function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
    throw error;
  }
  return 'nothing thrown';
}
