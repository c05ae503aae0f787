import { createHash } from 'node:crypto';
import type { CellKey } from './cell-key.js';

/** Bytes of a cell's id: with a million cells, two of one id are less likely than one in 10^17. */
export const CELL_ID_LENGTH = 12;

/**
 * Short names of cells, for what is stored of every participant: the first bytes of the SHA-256 of a cell's text. A name is
 * the same in every process, but says nothing by itself: a process knows those it made and those it was taught.
 */
export class CellIds {
  readonly #ids = new Map<CellKey, string>();
  readonly #keys = new Map<string, CellKey>();

  /** @returns 12 characters, one a byte */
  idOf(key: CellKey): string {
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = createHash('sha256').update(key).digest().toString('latin1', 0, CELL_ID_LENGTH);
      this.#ids.set(key, id);
      this.#keys.set(id, key);
    }
    return id;
  }

  /** @returns undefined for a cell that was neither counted nor learnt here */
  keyOf(id: string): CellKey | undefined {
    return this.#keys.get(id);
  }

  /** Takes in cells that others count. */
  learn(keys: Iterable<CellKey>): void {
    for (const key of keys) this.idOf(key);
  }
}
