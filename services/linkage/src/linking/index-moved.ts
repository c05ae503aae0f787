/** Thrown when the index changed while a batch was being linked: the batch is linked again from what is there now. */
export class IndexMoved extends Error {
  override readonly name = 'IndexMoved';
  readonly code = 'INDEX_MOVED';
}
