/** Refused: a generation is under construction already, whichever process began it. */
export class RebuildUnderWay extends Error {
  override readonly name = 'RebuildUnderWay';
  readonly code = 'REBUILD_UNDER_WAY';
  readonly place: string;
  readonly remedy: string;
  constructor(readonly generation: number) {
    super(`Generation ${generation} is being built already.`);
    this.place = `generation ${generation}`;
    this.remedy = `Wait until it has become current: GET /internal/generations shows its progress. Where it cannot, since a partition is held, POST /internal/rebuild?instead=${generation}.`;
  }
}
