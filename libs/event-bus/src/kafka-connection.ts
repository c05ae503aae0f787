import type { Kafka as KafkaClient, KafkaConfig, LogEntry, RetryOptions } from 'kafkajs';
import kafkajs from 'kafkajs';
import { BusError } from './bus-error.js';
import { connectFramed } from './fetched/frame-socket.js';
import { leaveRecordsUnread } from './fetched/kafkajs-fetch.js';
import { NO_BROKER_REMEDY } from './fetched/response-frames.js';

// Node finds only the default export of this CommonJS package.
const { Kafka, logLevel } = kafkajs;

/** How to reach Kafka, and where its client's own words go. */
export interface KafkaConnection {
  /** `host:port` of one broker or more; the others are learnt from them. */
  readonly brokers: readonly string[];
  /** Name in the broker's log and quotas. Default `throughline`. */
  readonly clientId?: string;
  /** TLS, by Node's own options; absent: plain text. */
  readonly ssl?: KafkaConfig['ssl'];
  /** User and password; absent: none. */
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string };
  /** Receives the client's warnings and errors: counts, topics and groups, never a record. Default: nobody. */
  readonly onClientLog?: (line: { readonly level: 'warn' | 'error'; readonly message: string }) => void;
}

/** Milliseconds that a request may take before it is tried again. */
const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 3_000;

let prepared = false;

// Once a process: since Node 22 a request timer that kafkajs sets into the past warns each time; it fires at once as intended.
function prepare(): void {
  if (prepared) return;
  prepared = true;
  leaveRecordsUnread();
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (...args: unknown[]) => {
    const kind = typeof args[1] === 'object' && args[1] !== null ? (args[1] as { type?: string }).type : args[1];
    if (kind !== 'TimeoutNegativeWarning') emit(...args);
  };
}

/** A client of our settings. Its own retries are bounded by `retry`. */
export function connectKafka(connection: KafkaConnection, retry: RetryOptions): KafkaClient {
  prepare();
  const { brokers, clientId = 'throughline', ssl, sasl, onClientLog } = connection;
  return new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: { ...sasl } as NonNullable<KafkaConfig['sasl']> }),
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    socketFactory: connectFramed,
    retry,
    logLevel: logLevel.WARN,
    logCreator: () => (entry: LogEntry) => {
      const { message, error } = entry.log as { message: string; error?: unknown };
      onClientLog?.({
        level: entry.level === logLevel.ERROR ? 'error' : 'warn',
        message: typeof error === 'string' && error !== '' ? `${message}: ${error}` : message,
      });
    },
  });
}

/** A fault of the client as ours: whether it passes by itself, and what to do. */
export function busErrorOf(error: unknown, place: string): BusError {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof BusError) return at;
  const { name, retriable, type, code } = rootOf(error);
  // As a connection says it: kafkajs keeps no more than the code of what ended it.
  if (name.startsWith('KafkaJSConnection') && code === 'KAFKA_REFUSED') return new BusError('KAFKA_REFUSED', place, NO_BROKER_REMEDY, false, error);
  if (name === 'KafkaJSSASLAuthenticationError' || type?.endsWith('AUTHORIZATION_FAILED') === true) {
    return new BusError('KAFKA_REFUSED', place, 'Check user, password and the access lists for this topic or group.', false, error);
  }
  if (name === 'KafkaJSGroupCoordinatorNotFound') {
    return new BusError('KAFKA_REFUSED', place, 'Allow READ on the group, or wait until the broker has a coordinator for it.', false, error);
  }
  if (name.startsWith('KafkaJSConnection') || name === 'KafkaJSRequestTimeoutError' || name === 'KafkaJSNoBrokerAvailableError') {
    return new BusError('KAFKA_UNREACHABLE', place, 'Check that the broker runs and that its address is right.', true, error);
  }
  return new BusError('KAFKA_REFUSED', place, 'See the cause.', retriable === true, error);
}

function rootOf(error: unknown): { name: string; retriable?: boolean; type?: string; code?: string } {
  let at = error;
  while (at instanceof Error && at.cause instanceof Error) at = at.cause;
  return at instanceof Error ? at : { name: 'Unknown' };
}
