import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** What a package with this tag may import. Anything else is an error: see CONTRIBUTING.md. */
const depConstraints = [
  { sourceTag: 'type:contracts', onlyDependOnLibsWithTags: [] },
  { sourceTag: 'type:lib', onlyDependOnLibsWithTags: ['type:contracts', 'type:lib'] },
  // Families (features, nets, stackers, the ensemble) never see each other: they meet on the bus and in the plan.
  { sourceTag: 'type:family', onlyDependOnLibsWithTags: ['type:contracts', 'type:lib'] },
  // The gateway's pages talk to it over HTTP: of libs they need types. The command line starts the gateway.
  { sourceTag: 'type:web', onlyDependOnLibsWithTags: ['type:lib'] },
  { sourceTag: 'type:service', onlyDependOnLibsWithTags: ['type:contracts', 'type:lib', 'type:web'] },
  { sourceTag: 'type:cli', onlyDependOnLibsWithTags: ['type:contracts', 'type:lib', 'type:service'] },
  { sourceTag: 'type:tool', onlyDependOnLibsWithTags: ['type:contracts', 'type:lib', 'type:tool'] },
  { sourceTag: 'type:test', onlyDependOnLibsWithTags: ['*'] },
];

export default tseslint.config(
  {
    // assembly/ holds AssemblyScript, whose functions may have decorators.
    ignores: [
      '**/assembly/*.ts',
      '**/dist',
      '**/out-tsc',
      '**/node_modules',
      '**/artifacts',
      '.nx',
      'data',
      '**/*.timestamp*',
    ],
  },
  ...nx.configs['flat/base'],
  {
    files: ['**/*.ts', '**/*.mts', '**/*.tsx'],
    extends: [tseslint.configs.recommended],
    rules: {
      '@nx/enforce-module-boundaries': ['error', { banTransitiveDependencies: true, depConstraints }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreUsingDeclarations: true }],
      'no-console': 'error',
      // Prettier wraps code; what it cannot wrap is for its author: only texts and comments may be wider.
      'max-len': [
        'error',
        {
          code: 120,
          ignoreComments: true,
          ignoreRegExpLiterals: true,
          ignoreStrings: true,
          ignoreTemplateLiterals: true,
          ignoreUrls: true,
        },
      ],
      'max-lines': ['warn', { max: 400, skipBlankLines: true, skipComments: true }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      curly: ['error', 'multi-line'],
    },
  },
  {
    // Chance and the wall clock come in as arguments, or results would not repeat.
    files: ['libs/*/src/**/*.ts', 'apps/**/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', { object: 'Math', property: 'random', message: 'Use @primatrix/rng.' }],
    },
  },
  { files: ['apps/primatrix/src/**/*.ts'], rules: { 'no-console': 'off' } },
);
