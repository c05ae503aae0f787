import { RedisConnection, StateStoreError } from './index.js';
import { storeSuite } from './testing/store-suite.js';

const url = process.env['THROUGHLINE_TEST_REDIS'] ?? 'redis://127.0.0.1:6379';

storeSuite(() => new RedisConnection({ url }));

it('names what failed and what to do when there is no server', async () => {
  const nowhere = new RedisConnection({ url: 'redis://127.0.0.1:1', commandTimeoutMs: 500 });
  const fault = await nowhere.command('GET', 'x').catch((error: unknown) => error);
  await nowhere.close();
  expect(fault).toBeInstanceOf(StateStoreError);
  expect(fault).toMatchObject({ code: 'STORE_UNREACHABLE', place: 'GET' });
});
