// Jest's global setup and teardown of the `int` and `e2e` projects: one Kafka and one Redis for the whole run.
// See ../servers/README.md.
import './bootstrap/typescript-hooks.mjs';

const { startTestServers } = await import('../servers/src/test-servers.ts');
const KEY = Symbol.for('throughline.test-servers');

export default async function setup() {
  globalThis[KEY] ??= startTestServers(process.env);
  const { environment } = await globalThis[KEY];
  Object.assign(process.env, environment);
}

export async function teardown() {
  const servers = globalThis[KEY];
  delete globalThis[KEY];
  await (await servers)?.stop();
}
