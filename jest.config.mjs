// One file name ending per kind of test: `.unit.spec.ts` needs no server and runs in seconds, `.int.spec.ts` one
// library against real Kafka or Redis, `.e2e.spec.ts` the services as a user runs them.
const shared = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['throughline-source', 'node', 'import', 'default'] },
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', { swcrc: true }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.throughline/'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/'],
};

/** @param {string} kind */
const project = (kind, extra = {}) => ({
  ...shared,
  displayName: kind,
  testMatch: [`<rootDir>/{libs,services,test,infra,schemas}/**/*.${kind}.spec.ts`],
  ...extra,
});

/** One Kafka and one Redis for the whole run: THROUGHLINE_TEST_KAFKA and THROUGHLINE_TEST_REDIS say where. */
const servers = {
  globalSetup: '<rootDir>/infra/local/jest-servers.mjs',
  globalTeardown: '<rootDir>/infra/local/jest-teardown.mjs',
};

export default {
  // A safety net against a hang, wide enough for a busy machine: no test asserts a time.
  testTimeout: 120_000,
  projects: [project('unit'), project('int', servers), project('e2e', servers)],
};
