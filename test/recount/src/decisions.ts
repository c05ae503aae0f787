/** What an operator decided on who is who, as linkage tells it, while it is in force. */
export interface Decision {
  /** 32 hexadecimal digits. */
  readonly decision: string;
  readonly kind: 'SPLIT' | 'JOIN';
  /** Hexadecimal. Of a split: those moved out. */
  readonly subjects: readonly string[];
  /** Of a split: those left behind. */
  readonly apartFrom: readonly string[];
  /** ISO instant. */
  readonly at: string;
}

/** What decisions come to, for pairs of subjects by number. */
export interface PairsDecided {
  readonly joined: readonly (readonly [number, number])[];
  readonly separated: readonly (readonly [number, number])[];
  /** By who was moved out: from whom. */
  readonly movedFrom: ReadonlyMap<number, ReadonlySet<number>>;
  /** Whoever stands in any pair. */
  readonly named: ReadonlySet<number>;
}

/** Of two decisions on one pair the later holds; of two of one instant the one with the greater name. */
export function pairsDecided(decisions: readonly Decision[], numbers: ReadonlyMap<string, number>): PairsDecided {
  const inOrder = [...decisions].sort((one, other) => Date.parse(one.at) - Date.parse(other.at) || (one.decision < other.decision ? -1 : 1));
  const last = new Map<string, { readonly pair: readonly [number, number]; readonly kind: Decision['kind'] }>();
  for (const { kind, subjects, apartFrom } of inOrder) {
    const numbersOf = (ids: readonly string[]): number[] => ids.flatMap((id) => numbers.get(id) ?? []);
    const [ones, others] = [numbersOf(subjects), numbersOf(kind === 'JOIN' ? subjects : apartFrom)];
    for (const one of ones) for (const other of others) if (one !== other) last.set([one, other].sort((a, b) => a - b).join(), { pair: [one, other], kind });
  }
  const verdicts = [...last.values()];
  const pairsOf = (kind: Decision['kind']) => verdicts.filter((verdict) => verdict.kind === kind).map(({ pair }) => pair);
  const movedFrom = new Map<number, Set<number>>();
  for (const [moved, other] of pairsOf('SPLIT')) movedFrom.set(moved, (movedFrom.get(moved) ?? new Set()).add(other));
  return { joined: pairsOf('JOIN'), separated: pairsOf('SPLIT'), movedFrom, named: new Set(verdicts.flatMap(({ pair }) => [...pair])) };
}

/** Decisions in force on a running platform. @param linkageUrl base URL of linkage */
export async function decisionsInForce(linkageUrl: string): Promise<Decision[]> {
  const response = await fetch(`${linkageUrl}/internal/links/decisions`);
  if (!response.ok) throw new Error(`No decisions at ${linkageUrl}/internal/links/decisions (${response.status}): see that the platform is up.`);
  const { decisions } = (await response.json()) as { readonly decisions: readonly (Decision & { readonly state: string })[] };
  return decisions.filter(({ state }) => state === 'IN_FORCE');
}
