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

export default {
  projects: [project('unit'), project('int'), project('e2e')],
};
