import type { Admin, Kafka } from 'kafkajs';
import { hostname } from 'node:os';

/** What of kafkajs's own cluster is used: it has the request, and no call of its administration for it. */
interface Cluster {
  connect(): Promise<void>;
  disconnect(): Promise<void>;
  findGroupCoordinator(group: { readonly groupId: string }): Promise<{ leaveGroup(member: { readonly groupId: string; readonly memberId: string }): Promise<unknown> }>;
}

type ClusterMaker = (options: object) => Cluster;

/** Name of a process by the port that it alone listens on at this host; undefined where the system chose one. */
export const instanceAt = (port: number): string | undefined => (port === 0 ? undefined : `${hostname()}:${port}`);

/**
 * Takes out of a group whoever joined it under a client id that only one living process has: a former self that was killed.
 * Its partitions are free at once, instead of when its session ends. (LeaveGroup in the name of another,
 * https://kafka.apache.org/protocol#The_Messages_LeaveGroup; static members, which would be taken for the same, kafkajs has not.)
 *
 * @returns how many there were
 */
export async function leaveForFormer(kafka: Kafka, admin: Admin, groupId: string, clientId: string): Promise<number> {
  const { groups } = await admin.describeGroups([groupId]);
  const former = groups.flatMap(({ members }) => members.filter((member) => member.clientId === clientId));
  if (former.length === 0) return 0;
  const cluster = clusterOf(kafka);
  await cluster.connect();
  try {
    const coordinator = await cluster.findGroupCoordinator({ groupId });
    // One whose session has just ended hinders no other.
    const left = await Promise.allSettled(former.map(({ memberId }) => coordinator.leaveGroup({ groupId, memberId })));
    const failed = left.find((each) => each.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  } finally {
    await cluster.disconnect();
  }
  return former.length;
}

function clusterOf(kafka: Kafka): Cluster {
  const maker = Object.getOwnPropertySymbols(kafka).find(({ description }) => description === 'private:Kafka:createCluster');
  if (maker === undefined) throw new Error('This version of kafkajs makes its clusters elsewhere.');
  return (kafka as unknown as Record<symbol, ClusterMaker>)[maker]!({});
}
