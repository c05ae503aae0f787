import { readSettings, stateFolders } from './settings.js';
import { DEPLOYMENTS, SERVICES, serviceEnvironment } from './services.js';

test('nothing needs to be set', () => {
  const settings = readSettings({}, '/checkout');
  expect(settings).toMatchObject({
    stateDir: '/checkout/.throughline',
    kafkaBrokers: undefined,
    redisUrl: undefined,
    kafkaPort: 19092,
    redisPort: 16379,
    samplePeople: 5000,
  });
  expect(settings.ports.get('nhs-adapter')).toEqual({ port: 4101, telemetryPort: 9101 });
  expect(settings.ports.get('linkage')).toEqual({ port: 4105, telemetryPort: 9105 });
});

test('servers and ports of the user’s own', () => {
  const env = { KAFKA_BROKERS: 'a:9092,b:9092', REDIS_URL: 'rediss://r:6380', NHS_ADAPTER_PORT: '5101', LINKAGE_TELEMETRY_PORT: '5205', KAFKA_PORT: '' };
  const settings = readSettings(env, '/checkout');
  expect(settings).toMatchObject({ kafkaBrokers: 'a:9092,b:9092', redisUrl: 'rediss://r:6380', kafkaPort: 19092 });
  expect(settings.ports.get('nhs-adapter')?.port).toBe(5101);
  expect(settings.ports.get('linkage')?.telemetryPort).toBe(5205);
});

test('all faults are listed at once', () => {
  const env = { KAFKA_BROKERS: 'a b', REDIS_URL: 'http://x', OUTCOMES_PORT: '70000', SAMPLE_PEOPLE: '-1', LOG_LEVEL: 'loud' };
  expect(() => readSettings(env, '/checkout')).toThrow(
    expect.objectContaining({
      code: 'SETTING_INVALID',
      message: expect.stringMatching(/(?=.*KAFKA_BROKERS)(?=.*REDIS_URL)(?=.*OUTCOMES_PORT)(?=.*SAMPLE_PEOPLE)(?=.*LOG_LEVEL)/) as string,
    }) as Error,
  );
});

test('no two services share a port, a deployment or a feed', () => {
  const ports = SERVICES.flatMap(({ port, telemetryPort }) => (port === undefined ? [telemetryPort] : [port, telemetryPort]));
  expect(new Set(ports).size).toBe(ports.length);
  expect(DEPLOYMENTS).toEqual(['nhs', 'dwp', 'college', 'council']);
  const feeds = SERVICES.flatMap(({ adapter }) => Object.keys(adapter?.agreements ?? {}));
  expect(feeds.toSorted()).toEqual(['bars', 'dwp-citizen', 'hmrc-rti', 'ilr', 'nccis', 'nhs-csv', 'rtof']);
});

describe('what a service is given', () => {
  const place = {
    host: '127.0.0.1',
    kafkaBrokers: 'k:1',
    redisUrl: 'redis://r:2',
    keysFile: '/keys.json',
    spoolDir: stateFolders('/state').spool('nhs'),
    inboxDir: stateFolders('/state').inbox('nhs'),
    logLevel: 'info',
    ports: { port: 4101, telemetryPort: 9101 },
  };

  test('an adapter knows nothing of Redis', () => {
    const nhs = SERVICES.find(({ name }) => name === 'nhs-adapter');
    expect(nhs && serviceEnvironment(nhs, place)).toEqual({
      KAFKA_BROKERS: 'k:1',
      TELEMETRY_HOST: '127.0.0.1',
      TELEMETRY_PORT: '9101',
      LOG_LEVEL: 'info',
      KEYS_FILE: '/keys.json',
      HOST: '127.0.0.1',
      PORT: '4101',
      DEPLOYMENT: 'nhs',
      PARTNER: 'nhs',
      AGREEMENT_IDS: 'bars=dsa-bars-2026,nhs-csv=dsa-nhs-csv-2026',
      SPOOL_DIR: '/state/adapters/nhs/spool',
      INBOX_DIR: '/state/adapters/nhs/inbox',
    });
  });

  test('linkage knows nothing of spools and partners', () => {
    const linkage = SERVICES.find(({ name }) => name === 'linkage');
    expect(linkage && Object.keys(serviceEnvironment(linkage, { ...place, ports: { port: undefined, telemetryPort: 1 } })).sort()).toEqual([
      'KAFKA_BROKERS',
      'KEYS_FILE',
      'LOG_LEVEL',
      'REDIS_URL',
      'TELEMETRY_HOST',
      'TELEMETRY_PORT',
    ]);
  });
});
