import { participantBucketOf } from '@throughline/state-store';
import { ID_LENGTH, IdTable } from '../consume/id-table.js';

/** Everyone whose figures are to be computed anew, each by a number: a table of them costs a fifth of a map of objects. */
export class DirtyParticipants {
  readonly #ids = new IdTable();
  readonly #roots: (Buffer | null)[] = [];

  get size(): number {
    return this.#ids.size;
  }

  /**
   * @param root the subject it is a hash of, where that is known: whom it consists of if the index has never heard of it
   * @returns its number
   */
  add(participant: Buffer, root: Buffer | null): number {
    const number = this.#ids.numberOf(participant, 0);
    if (number === this.#roots.length) this.#roots.push(root);
    else this.#roots[number] ??= root;
    return number;
  }

  /** @returns -1 where the participant is not among them */
  numberOf(participant: Buffer): number {
    return this.#ids.find(participant, 0);
  }

  idOf(number: number): Buffer {
    const id = Buffer.allocUnsafe(ID_LENGTH);
    this.#ids.copy(number, id, 0);
    return id;
  }

  bucketOf(number: number): number {
    return participantBucketOf(this.idOf(number));
  }

  rootOf(number: number): Buffer | null {
    return this.#roots[number]!;
  }
}
