import type { KafkaConnection } from '../kafka-connection.js';
import { withAdmin } from '../topic-admin.js';

/**
 * How many members Kafka counts in a consumer group now; a process that was killed is one until its session has ended.
 * @throws BusError
 */
export const groupMembers = (connection: KafkaConnection, groupId: string): Promise<number> =>
  withAdmin(connection, async (admin) => {
    const { groups } = await admin.describeGroups([groupId]);
    return groups.reduce((sum, { members }) => sum + members.length, 0);
  });
