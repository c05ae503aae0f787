import { EVENTS_TOPIC_PATTERN, partitionOf } from '@throughline/event-contracts';

/** Partitions of each deployment's topic of facts. @param layout of every topic of which anything was read */
export const partitionsByDeployment = (layout: ReadonlyMap<string, number>): Map<string, number> =>
  new Map(
    [...layout].flatMap(([topic, partitions]) => {
      const deployment = EVENTS_TOPIC_PATTERN.exec(topic)?.groups?.['deployment'];
      return deployment === undefined ? [] : [[deployment, partitions] as const];
    }),
  );

/** Where a subject may have facts of these deployments. One of which no facts were read has none. @throws where the subject is none */
export const locationsOf = (subject: Buffer, deployments: readonly string[], partitions: ReadonlyMap<string, number>): string[] =>
  deployments.flatMap((deployment) => {
    const count = partitions.get(deployment);
    return count === undefined ? [] : `${deployment}.${partitionOf(subject, count)}`;
  });
