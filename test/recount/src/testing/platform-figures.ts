import { ReferenceHasher } from '@throughline/identity';
import { contributions, entryFromEvent, factsOf, mergeEntry, LATEST_RULES } from '@throughline/outcome-metrics';
import type { FactEvent, Timeline, TimelineEntry } from '@throughline/outcome-metrics';

import type { InForce } from '../in-force.js';
import type { Body, Hours } from '../told.js';

// The recount's facts told to the platform's own pure figures, so that the two ways of counting can be laid side by side
// without a server.

const hasherOf = (deployment: string): ReferenceHasher => new ReferenceHasher(deployment, Buffer.alloc(32, deployment));

/** Keys under which facts get their ids here; give them to the recount as well. */
export const SPEC_PARTNERS = Object.fromEntries(
  ['nhs', 'dwp', 'college', 'council'].map((deployment) => [deployment, { partner: deployment, referenceKey: Buffer.alloc(32, deployment) }]),
);

const hours = (band: Hours | null): object | null => (band === null ? null : { atLeast: band[0], below: band[1] });

const dayOf = (date: string | null): number | null => (date === null ? null : Date.parse(`${date}T00:00:00Z`) / 86_400_000);

/** The body as its event carries it, as far as figures read it. */
function bodyOf(fact: InForce, hasher: ReferenceHasher, subject: Buffer): object | null {
  const body: Body = fact.body;
  const job = (name: string | null): Buffer | null => {
    if (name === null) return null;
    const [scope = '', type = '', ...key] = JSON.parse(name) as string[];
    return hasher.factId(fact.system, scope, subject, type, ...key);
  };
  const employer = (name: string | null): Buffer | null => (name === null ? null : hasher.keyed('employer', name));
  switch (body.type) {
    case 'SubjectIdentified':
      return null;
    case 'ReferralMade':
      return { status: body.status.replace('-', '_') };
    case 'JobStarted':
      return { employer: employer(body.employer), hours: hours(body.hours), work: body.work, contract: body.contract ?? 'UNKNOWN', hourlyPayPence: body.hourlyPence };
    case 'JobSustained':
      return { job: job(body.job), hours: hours(body.hours), hourlyPayPence: body.hourlyPence };
    case 'EarningsReported':
      return { job: job(body.job), employer: employer(body.employer), amountPence: body.pence, afterLeaving: body.afterLeaving, hours: hours(body.hours), payFrequency: body.frequency, periodsCovered: body.periods };
    case 'BenefitClaimChanged':
      return { kind: body.kind, benefit: body.benefit, claimStart: dayOf(body.claimStart) };
    case 'LearningStatusChanged':
      return { status: body.status === 'STARTED' ? 'STARTED' : 'COMPLETED', aim: body.aim, startDate: dayOf(body.startDate) };
    case 'CircumstancesReported':
      return { ...body, labourMarketStatus: body.status, priorityGroups: body.groups };
    case 'SupportStarted':
    case 'JobEnded':
      return {};
  }
}

/** One person's cells as the platform counts them. */
export function platformFigures(facts: readonly InForce[]): Map<string, number> {
  const timelines = new Map<string, Timeline>();
  for (const fact of facts) {
    const hasher = hasherOf(fact.deployment);
    const subject = hasher.subject(fact.system, fact.reference);
    const body = bodyOf(fact, hasher, subject);
    if (body === null) continue;
    const days = fact.end - fact.start;
    const meta = {
      factId: hasher.factId(fact.system, fact.scope, subject, fact.body.type, ...fact.key),
      subject,
      revision: { instant: 0, sequence: 0 },
      contentHash: Buffer.alloc(8, 1),
      change: 'STATED',
      occurredOn: { date: fact.start, precision: days === 0 ? 'DAY' : days < 31 ? 'MONTH' : 'YEAR' },
      source: { partner: fact.deployment, system: fact.system },
      agreementId: fact.agreement,
      programme: fact.programme,
    };
    const { subject: key, entry } = entryFromEvent({ type: fact.body.type, version: 1, value: { ...body, meta } } as unknown as FactEvent);
    const timeline: Timeline = timelines.get(key) ?? new Map<string, TimelineEntry>();
    timelines.set(key, timeline);
    mergeEntry(timeline, entry);
  }
  return contributions(factsOf(timelines.values()), LATEST_RULES);
}
