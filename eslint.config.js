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
  'testing',
];

const libraryTags = (names) => names.map((name) => `lib:${name}`);

const layering = [
  ...LIBRARIES.map((name, index) => ({
    sourceTag: `lib:${name}`,
    onlyDependOnLibsWithTags: libraryTags(LIBRARIES.slice(0, index)),
  })),
  // Services import libraries only: never each other, never the tests' builders.
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: libraryTags(LIBRARIES.filter((name) => name !== 'testing')) },
  { sourceTag: 'type:infra', onlyDependOnLibsWithTags: libraryTags(LIBRARIES) },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: [...libraryTags(LIBRARIES), 'type:test', 'type:service', 'type:infra'] },
];

/** A client library is known to one of ours alone, so that it can be replaced there and nowhere else. */
const OWNERS = { kafkajs: 'event-bus', ioredis: 'state-store', avsc: 'event-contracts' };

const restrictedImports = (owned) => [
  'error',
  {
    paths: Object.entries(OWNERS)
      .filter(([, owner]) => owner !== owned)
      .map(([name, owner]) => ({ name, message: `Only libs/${owner} imports ${name}: use its port.` })),
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
        { enforceBuildableLibDependency: false, allowCircularSelfDependency: false, depConstraints: layering },
      ],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/consistent-type-exports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      'no-restricted-imports': restrictedImports(undefined),
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportAllDeclaration', message: 'Name what is exported.' },
      ],
      eqeqeq: 'error',
    },
  },
  ...Object.values(OWNERS).map((owner) => ({
    files: [`libs/${owner}/**/*.ts`],
    rules: { 'no-restricted-imports': restrictedImports(owner) },
  })),
);
