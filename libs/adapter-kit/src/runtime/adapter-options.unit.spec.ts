import { TOY_ADAPTER } from '../testing/toy-adapter.js';
import { readSettings, SettingsInvalid } from './adapter-options.js';

const GOOD = {
  PORT: '4101',
  TELEMETRY_PORT: '9101',
  KAFKA_BROKERS: '127.0.0.1:9092, broker-2:9092',
  SPOOL_DIR: '/spool',
  KEYS_FILE: '/keys.json',
  DEPLOYMENT: 'toy',
  PARTNER: 'toy-partner',
  AGREEMENT_IDS: 'toy=dsa-toy-2026',
};

const faultsOf = (variables: Record<string, string | undefined>): readonly string[] => {
  try {
    readSettings(TOY_ADAPTER, variables);
  } catch (error) {
    if (error instanceof SettingsInvalid) return error.faults;
  }
  return [];
};

describe('settings from the environment', () => {
  it('take defaults for what is left out or empty', () => {
    expect(readSettings(TOY_ADAPTER, { ...GOOD, INBOX_DIR: '' })).toMatchObject({
      PORT: 4101,
      HOST: '127.0.0.1',
      KAFKA_BROKERS: ['127.0.0.1:9092', 'broker-2:9092'],
      HELD_SHARE: 0.2,
      EXPECTED_INTERVAL_HOURS: 35 * 24,
      agreementIds: { toy: 'dsa-toy-2026' },
    });
  });

  it('tell every fault at once, and repeat no value', () => {
    const faults = faultsOf({ ...GOOD, PORT: 'secret-1', KAFKA_BROKERS: 'secret 2', HELD_SHARE: '7', EXPECTED_INTERVAL_HOURS: '0', SPOOL_DIR: undefined, AGREEMENT_IDS: 'other=x' });
    expect(faults.map((fault) => fault.split(':')[0]).sort()).toEqual(['AGREEMENT_IDS', 'AGREEMENT_IDS', 'EXPECTED_INTERVAL_HOURS', 'HELD_SHARE', 'KAFKA_BROKERS', 'PORT', 'SPOOL_DIR']);
    expect(faults.join()).not.toContain('secret');
  });

  it('refuse a feed without an agreement', () => {
    expect(faultsOf({ ...GOOD, AGREEMENT_IDS: '' })).toEqual(['AGREEMENT_IDS: missing']);
    expect(faultsOf({ ...GOOD, AGREEMENT_IDS: ',' })).toEqual([expect.stringContaining('the feed toy has no agreement') as string]);
  });
});
