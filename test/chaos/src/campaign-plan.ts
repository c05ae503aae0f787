import { SERVICES } from '@throughline/local';
import type { SampleSubmission } from '@throughline/local';
import { randomOf } from './random.js';
import type { Random } from './random.js';

/** Whoever can be killed: each service, Kafka and Redis. */
export const TARGETS: readonly string[] = ['Kafka', 'Redis', ...SERVICES.map(({ name }) => name)];

/** Processes killed at one moment. */
export interface Fault {
  readonly targets: readonly string[];
  /** Strikes when this many receipts of the wave were given, of the target's own where it is an adapter. */
  readonly atReceipt: number;
  /** Kept down until partners have tried so often to send something, or have nothing left to send. */
  readonly downFor: number;
}

/** Submissions sent while one fault is under way: for each partner in order. */
export interface Wave {
  readonly fault: Fault;
  readonly byDeployment: ReadonlyMap<string, readonly SampleSubmission[]>;
}

export interface PlanOptions {
  /** The same seed, submissions and number of faults give the same plan. */
  readonly seed: string;
  readonly faults: number;
  /** In order of arrival. */
  readonly submissions: readonly SampleSubmission[];
  /** Share of faults that kill two processes at once. Default 0. */
  readonly twoAtOnce?: number;
}

const adapterOf = (target: string): string | undefined => SERVICES.find(({ name }) => name === target)?.adapter?.deployment;

/** The deployment whose receipts a fault waits for; undefined: anybody's. */
export const deploymentOf = ({ targets }: Fault): string | undefined => targets.map(adapterOf).find((deployment) => deployment !== undefined);

/** Every target comes once before any comes again. */
function drawn(random: Random, faults: number): string[] {
  const deck: string[] = [];
  while (deck.length < faults) deck.push(...random.shuffled(TARGETS));
  return deck.slice(0, faults);
}

/**
 * Deals the submissions over as many waves as there are faults, so that each fault strikes while new submissions are on
 * their way. Each partner ends each wave with something it sent before, so that somebody meets whoever is down.
 */
export function planCampaign({ seed, faults, submissions, twoAtOnce = 0 }: PlanOptions): Wave[] {
  const random = randomOf(seed);
  const deployments = [...new Set(submissions.map(({ deployment }) => deployment))];
  return drawn(random, faults).map((target, wave) => {
    const other = TARGETS[random.below(TARGETS.length)] ?? target;
    const targets = random.chance(twoAtOnce) && other !== target ? [target, other] : [target];
    const byDeployment = new Map(
      deployments.map((deployment) => {
        const own = submissions.filter((each) => each.deployment === deployment);
        const end = Math.ceil(((wave + 1) * own.length) / faults);
        const fresh = own.slice(Math.ceil((wave * own.length) / faults), end);
        return [deployment, [...fresh, ...own.slice(0, end).slice(random.below(end) || 0).slice(0, 1)]] as const;
      }),
    );
    const deployment = deploymentOf({ targets, atReceipt: 0, downFor: 0 });
    const expected = deployment === undefined ? [...byDeployment.values()].flat().length : (byDeployment.get(deployment)?.length ?? 1);
    // Never the last receipt: something must still be on its way.
    const atReceipt = 1 + random.below(Math.max(1, expected - 1));
    return { fault: { targets, atReceipt, downFor: 2 + random.below(8) }, byDeployment };
  });
}
