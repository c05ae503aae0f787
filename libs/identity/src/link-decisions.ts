/** What an operator decided on who is who, while it is in force. */
export interface LinkDecision {
  /** 16 bytes as hex. */
  readonly id: string;
  /**
   * `SPLIT`: none of `subjects` is the person that any of `apartFrom` is, and a token that one of them shares with one of
   * those is not theirs. `JOIN`: all of `subjects` are one person. No subject stands on both sides.
   */
  readonly kind: 'SPLIT' | 'JOIN';
  /** UTC milliseconds. */
  readonly decidedAt: number;
  /** 16 bytes each. */
  readonly subjects: readonly Buffer[];
  /** Of a split. */
  readonly apartFrom: readonly Buffer[];
}

interface PairVerdict {
  readonly decision: LinkDecision;
  /** Of a split: the one whose shared tokens are not theirs. */
  readonly moved: number;
}

const isLater = (left: LinkDecision, right: LinkDecision): boolean =>
  left.decidedAt === right.decidedAt ? left.id > right.id : left.decidedAt > right.decidedAt;

/** What decisions come to for each pair of subjects: of two on one pair the later (decided at, id) holds. */
export class PairVerdicts {
  readonly #verdicts = new Map<number, Map<number, PairVerdict>>();
  /** Numbers of subjects that stand in any pair. */
  readonly named = new Set<number>();

  /** @param numberOf the number of a subject; undefined: not one of those being linked, so that nothing is said of it. */
  constructor(decisions: readonly LinkDecision[], numberOf: (subject: Buffer) => number | undefined) {
    for (const decision of decisions) {
      const subjects = numbersOf(decision.subjects, numberOf);
      if (decision.kind === 'JOIN') subjects.forEach((left, i) => subjects.slice(i + 1).forEach((right) => this.#say(left, right, decision, left)));
      else for (const left of subjects) for (const right of numbersOf(decision.apartFrom, numberOf)) this.#say(left, right, decision, left);
    }
  }

  get size(): number {
    return this.named.size;
  }

  /** Pairs that are one person by decision, lesser first. */
  *joined(): Generator<readonly [number, number], void, void> {
    for (const [lesser, greater, { decision }] of this.#pairs()) if (decision.kind === 'JOIN') yield [lesser, greater];
  }

  /** Pairs that are two persons by decision, lesser first. */
  *separated(): Generator<readonly [number, number], void, void> {
    for (const [lesser, greater, { decision }] of this.#pairs()) if (decision.kind === 'SPLIT') yield [lesser, greater];
  }

  /** Whether a token that both hold is not the first one's. */
  isMovedFrom(member: number, other: number): boolean {
    const verdict = this.#verdicts.get(Math.min(member, other))?.get(Math.max(member, other));
    return verdict?.decision.kind === 'SPLIT' && verdict.moved === member;
  }

  *#pairs(): Generator<readonly [number, number, PairVerdict], void, void> {
    for (const [lesser, others] of this.#verdicts) for (const [greater, verdict] of others) yield [lesser, greater, verdict];
  }

  #say(left: number, right: number, decision: LinkDecision, moved: number): void {
    if (left === right) return;
    const [lesser, greater] = [Math.min(left, right), Math.max(left, right)];
    let others = this.#verdicts.get(lesser);
    if (others === undefined) {
      others = new Map<number, PairVerdict>();
      this.#verdicts.set(lesser, others);
    }
    const known = others.get(greater);
    if (known !== undefined && isLater(known.decision, decision)) return;
    others.set(greater, { decision, moved });
    this.named.add(left).add(right);
  }
}

const numbersOf = (subjects: readonly Buffer[], numberOf: (subject: Buffer) => number | undefined): number[] => [
  ...new Set(subjects.flatMap((subject) => numberOf(subject) ?? [])),
];
