import type { Random } from '@throughline/test-population';

/** What goes wrong, and how often: of exchanges where it happens to one, of steps where it happens to the platform. */
const CHANCES = {
  'request lost': 1 / 400,
  'answer lost': 1 / 400,
  'produce fails': 1 / 20,
  'acknowledgement lost': 1 / 8,
  'adapter killed': 1 / 150,
  'service killed': 1 / 250,
  'service asleep': 1 / 200,
  rebalance: 1 / 150,
  'store copied': 1 / 150,
  'store restored': 1 / 250,
  'store emptied': 1 / 600,
  'log compacted': 1 / 200,
  'record erased': 1 / 100,
} as const;

export type Fault = keyof typeof CHANCES;
export const FAULTS = Object.keys(CHANCES) as Fault[];

/** Decides what goes wrong. */
export class Faults {
  readonly counts = new Map<Fault, number>();
  /** None happens outside the time of faults. */
  on = true;

  constructor(
    private readonly random: Random,
    private readonly without: ReadonlySet<Fault>,
  ) {}

  happens(fault: Fault): boolean {
    // Drawn in any case, so that leaving one out moves the others as little as can be.
    const happens = this.random.chance(CHANCES[fault]) && this.on && !this.without.has(fault);
    if (happens) this.counts.set(fault, (this.counts.get(fault) ?? 0) + 1);
    return happens;
  }
}
