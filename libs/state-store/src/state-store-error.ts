export type StateStoreCode = 'STORE_UNREACHABLE' | 'STORE_REFUSED' | 'UNKNOWN_GENERATION';

/** Thrown when the store cannot do what was asked. A lost comparison is no error: it is a result. */
export class StateStoreError extends Error {
  override readonly name = 'StateStoreError';
  constructor(
    readonly code: StateStoreCode,
    /** What was being done to what: a command, a key's role; never a value. */
    readonly place: string,
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(`${place}: ${code}. ${remedy}`, options);
  }
}
