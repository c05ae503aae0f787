// What must be there before the services start, where nobody supervises them (docker-compose.yml runs it once, first):
// the keys of each owner under KEYS_DIR, and the topics at KAFKA_BROKERS. Doing it again changes nothing.
import { ensureTopics } from '@throughline/event-bus';
import { liveTopics } from '@throughline/event-contracts';
import { z } from 'zod';
import { ensureKeys } from './platform/keys.js';
import { DEPLOYMENTS } from './platform/services.js';

const environment = z.object({ KAFKA_BROKERS: z.string().min(1), KEYS_DIR: z.string().min(1) });

try {
  const { KAFKA_BROKERS, KEYS_DIR } = environment.parse(process.env);
  await ensureKeys(KEYS_DIR);
  await ensureTopics({ brokers: KAFKA_BROKERS.split(','), topics: liveTopics(DEPLOYMENTS) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
