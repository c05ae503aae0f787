import type { Progress } from '@throughline/servers';
import type { Section } from '../report/section.js';

/** What every part of the bench is given. */
export interface PartOptions {
  /** The checkout. */
  readonly root: string;
  /** Small sizes and single runs: for trying the bench, not for figures. */
  readonly quick: boolean;
  readonly progress: Progress;
  /** Where to leave processor profiles of the platform's process; null: none are made. */
  readonly profileDir: string | null;
}

/** One part: measures, and says what it found, a table each. */
export type Part = (options: PartOptions) => Promise<Section[]>;
