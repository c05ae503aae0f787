/** A generation as a refusal names it. */
export interface NamedGeneration {
  readonly generation: number;
  /** Its figures are shown. */
  readonly current: boolean;
}

/** Refused: the generation whose place another was to take is not under construction. */
export class NotBeingBuilt extends Error {
  override readonly name = 'NotBeingBuilt';
  readonly code = 'NOT_BEING_BUILT';
  readonly place: string;
  readonly remedy: string;

  /** @param generations all that there are */
  constructor(
    generation: number,
    readonly generations: readonly NamedGeneration[],
  ) {
    super(`Generation ${generation} is not being built.`);
    this.place = `generation ${generation}`;
    this.remedy = `There are: ${generations.map((each) => `${each.generation}${each.current ? ' (shown)' : ''}`).join(', ')}. To begin the next one, leave "instead" out.`;
  }
}
