/** What operators were told is decided: it has to stand until it is taken back. */
export class AcknowledgedDecisions {
  readonly #standing = new Set<string>();

  made(decision: string): void {
    this.#standing.add(decision);
  }

  takenBack(decision: string): void {
    this.#standing.delete(decision);
  }

  /** Those that should be among what is in force and are not. More may be: an answer that was lost may have been a decision. */
  missingFrom(inForce: Iterable<string>): string[] {
    const found = new Set(inForce);
    return [...this.#standing].filter((decision) => !found.has(decision));
  }
}
