/**
 * The services of the platform, declared once: the local runner starts them from here, and docker-compose.yml is checked
 * against it.
 */

/** What only an adapter has. */
export interface AdapterSettings {
  /** Deployment: names its topics. */
  readonly deployment: string;
  /** The organisation that sends. */
  readonly partner: string;
  /** Formats it takes, each with the sample agreement its facts stand under. */
  readonly agreements: Readonly<Record<string, string>>;
}

export interface ServiceSpec {
  /** Also the package's folder under services/. */
  readonly name: string;
  /** HTTP port of what it offers; undefined where it offers nothing. */
  readonly port: number | undefined;
  /** Port of `/metrics`, `/health/live` and `/health/ready`. */
  readonly telemetryPort: number;
  /** Present on adapters. They alone hold a partner's keys; the others hold the platform's and use Redis. */
  readonly adapter?: AdapterSettings;
}

const agreements = (...feeds: string[]): Record<string, string> =>
  Object.fromEntries(feeds.map((feed) => [feed, `dsa-${feed}-2026`]));

/** In the order of starting: those that read first, so that adapters find them there. Stopped in the opposite order. */
export const SERVICES: readonly ServiceSpec[] = [
  { name: 'linkage', port: 4105, telemetryPort: 9105 },
  { name: 'outcomes', port: 4110, telemetryPort: 9110 },
  {
    name: 'nhs-adapter',
    port: 4101,
    telemetryPort: 9101,
    adapter: { deployment: 'nhs', partner: 'nhs', agreements: agreements('bars', 'nhs-csv') },
  },
  {
    name: 'dwp-adapter',
    port: 4102,
    telemetryPort: 9102,
    adapter: { deployment: 'dwp', partner: 'dwp', agreements: agreements('dwp-citizen', 'hmrc-rti') },
  },
  {
    name: 'college-adapter',
    port: 4103,
    telemetryPort: 9103,
    adapter: { deployment: 'college', partner: 'college', agreements: agreements('ilr') },
  },
  {
    name: 'council-adapter',
    port: 4104,
    telemetryPort: 9104,
    adapter: { deployment: 'council', partner: 'council', agreements: agreements('rtof', 'nccis') },
  },
];

/**
 * Flags of Node for a service. An adapter streams whatever it is sent: a small heap keeps the largest submission within
 * 250 MB resident, which without these takes 350. Outcomes makes and drops a few kilobytes for each person it counts, and the
 * bytes of each batch: V8 would mark the whole heap for every few tens of megabytes of such bytes, which took nearly half of
 * its processor time. With one limit for heap and bytes together it hardly ever does, for half a gigabyte more of memory.
 */
export const nodeFlags = ({ adapter, name }: ServiceSpec): readonly string[] => [
  '--enable-source-maps',
  ...(adapter === undefined ? [] : ['--max-semi-space-size=4', '--max-old-space-size=128']),
  ...(name === 'outcomes' ? ['--max-semi-space-size=64', '--initial-heap-size=512', '--external-memory-accounted-in-global-limit'] : []),
];

/** Path asked to know whether a service can work, on its telemetry port. */
export const READY_PATH = '/health/ready';

/** Where a service finds what it needs; file paths as the service sees them. */
export interface ServicePlace {
  /** Address it listens on: loopback, or every one inside a container of its own. */
  readonly host: string;
  readonly kafkaBrokers: string;
  readonly redisUrl: string;
  readonly keysFile: string;
  readonly spoolDir: string;
  readonly inboxDir: string;
  readonly logLevel: string;
  readonly ports: { readonly port: number | undefined; readonly telemetryPort: number };
}

/** The environment variables of a service: all of them, and no others. */
export function serviceEnvironment(spec: ServiceSpec, place: ServicePlace): Record<string, string> {
  const { adapter } = spec;
  return {
    KAFKA_BROKERS: place.kafkaBrokers,
    TELEMETRY_HOST: place.host,
    TELEMETRY_PORT: String(place.ports.telemetryPort),
    LOG_LEVEL: place.logLevel,
    KEYS_FILE: place.keysFile,
    ...(place.ports.port === undefined ? {} : { HOST: place.host, PORT: String(place.ports.port) }),
    ...(adapter === undefined
      ? { REDIS_URL: place.redisUrl }
      : {
          DEPLOYMENT: adapter.deployment,
          PARTNER: adapter.partner,
          AGREEMENT_IDS: Object.entries(adapter.agreements)
            .map(([feed, agreement]) => `${feed}=${agreement}`)
            .join(','),
          SPOOL_DIR: place.spoolDir,
          INBOX_DIR: place.inboxDir,
        }),
  };
}

/** Deployments of all adapters: each has topics of its own. */
export const DEPLOYMENTS: readonly string[] = SERVICES.flatMap(({ adapter }) => (adapter === undefined ? [] : [adapter.deployment]));
