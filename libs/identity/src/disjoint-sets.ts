/** Union and find over numbers from 0, halving paths. */
export class DisjointSets {
  readonly #parent: number[];
  constructor(count: number) {
    this.#parent = Array.from({ length: count }, (_, index) => index);
  }

  find(member: number): number {
    let current = member;
    for (;;) {
      const parent = this.#parent[current] ?? current;
      if (parent === current) return current;
      const grandparent = this.#parent[parent] ?? parent;
      this.#parent[current] = grandparent;
      current = grandparent;
    }
  }

  union(left: number, right: number): void {
    this.#parent[this.find(left)] = this.find(right);
  }
}
