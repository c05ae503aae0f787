import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** Libraries from bottom to top: each may import only those before it, so that imports are acyclic by construction. */
const LIBRARIES = [
  'telemetry',
  'state-store',
  'event-contracts',
  'event-bus',
  'reference-data',
  'identity',
  'outcome-metrics',
  'adapter-kit',
];

const libraryTags = (names) => names.map((name) => `lib:${name}`);

/** Kafka and Redis for tests. They import nothing of ours, and only test code of a library imports them. */
const SERVERS = 'type:servers';

const layering = [
  ...LIBRARIES.map((name, index) => ({
    sourceTag: `lib:${name}`,
    onlyDependOnLibsWithTags: [...libraryTags(LIBRARIES.slice(0, index)), SERVERS],
  })),
  { sourceTag: SERVERS, onlyDependOnLibsWithTags: [] },
  // Services import libraries only, never each other.
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: [...libraryTags(LIBRARIES), SERVERS] },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: [...libraryTags(LIBRARIES), SERVERS] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: [...libraryTags(LIBRARIES), 'type:test', 'type:service', 'type:infra', SERVERS] },
];

/** A client library is known to one of ours alone, so that it can be replaced there and nowhere else. */
const OWNERS = { kafkajs: 'event-bus', ioredis: 'state-store', avsc: 'event-contracts' };

/**
 * @param {string | undefined} owned the library whose own client may be imported
 * @param {boolean} testing whether servers may be started
 */
const restrictedImports = (owned, testing) => [
  'error',
  {
    paths: [
      ...Object.entries(OWNERS)
        .filter(([, owner]) => owner !== owned)
        .map(([name, owner]) => ({ name, message: `Only libs/${owner} imports ${name}: use its port.` })),
      ...(testing ? [] : [{ name: '@throughline/servers', message: 'Only tests and infra start servers.' }]),
    ],
    patterns: [{ group: ['@throughline/*/src/*', '@throughline/*/dist/*'], message: 'Import a library by its name only.' }],
  },
];

export default tseslint.config(
  { ignores: ['**/dist/**', '**/node_modules/**', '.nx/**', '.throughline/**', '**/*.generated.ts', 'coverage/**'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.recommendedTypeChecked],
    plugins: { '@nx': nx },
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        {
          enforceBuildableLibDependency: false,
          allowCircularSelfDependency: false,
          // Jest's global setup can import it only after the loader hooks are in place.
          checkDynamicDependenciesExceptions: ['@throughline/servers'],
          depConstraints: layering,
        },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-imports': restrictedImports(undefined, true),
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['libs/**/*.ts', 'services/**/*.ts'],
    ignores: ['**/*.spec.ts', '**/testing/**'],
    rules: { 'no-restricted-imports': restrictedImports(undefined, false) },
  },
  ...Object.values(OWNERS).flatMap((owner) => [
    {
      files: [`libs/${owner}/**/*.ts`],
      rules: { 'no-restricted-imports': restrictedImports(owner, true) },
    },
    {
      files: [`libs/${owner}/**/*.ts`],
      ignores: ['**/*.spec.ts', '**/testing/**'],
      rules: { 'no-restricted-imports': restrictedImports(owner, false) },
    },
  ]),
  // What the platform is measured beside has to be written without it.
  { files: ['test/bench/src/peers/**/*.ts'], rules: { 'no-restricted-imports': 'off' } },
);
