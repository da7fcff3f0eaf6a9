// @ts-check
// Style is the editor's business; the rules here find mistakes and keep the conventions of docs/architecture.md.
import pluginVue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/** @type {import('eslint').Linter.RulesRecord} */
const conventions = {
  'eqeqeq': ['error', 'always', { null: 'ignore' }],
  'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
  'no-control-regex': 'error',
  'no-console': ['error', { allow: ['warn', 'error'] }],
  'no-empty': ['error', { allowEmptyCatch: false }],
  'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
  'no-implicit-coercion': ['error', { boolean: true, number: true, string: true, allow: ['!!'] }],
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

/** @type {import('eslint').Linter.RulesRecord} */
const typescript = {
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
  '@typescript-eslint/no-explicit-any': 'error',
  // Indexing is checked (noUncheckedIndexedAccess); where an index is known to be right, `!` says so.
  '@typescript-eslint/no-non-null-assertion': 'off',
  // Interfaces describe objects of functions here; nothing relies on `this`.
  '@typescript-eslint/unbound-method': 'off',
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  // `unknown` and numbers in messages are deliberate; what reads as [object Object] is not.
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/no-confusing-void-expression': 'off',
  // An interface may ask for a promise that one of its implementations has at once.
  '@typescript-eslint/require-await': 'off',
  // Unused parameters document an interface when they start with an underscore.
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
};

/** Where tests stand in for the world, shapes are asserted and timers are waited for. */
const testFiles = ['**/*.test.ts', 'test/**/*.ts', 'renderer/testing/**/*.ts'];

export default tseslint.config(
  { ignores: ['dist/**', 'release/**', 'coverage/**', '.cache/**', '.electron/**', '.lab/**', 'renderer/generated/**', 'build/default-app/**'] },
  {
    files: ['**/*.{ts,vue,mjs}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { sourceType: 'module' },
    rules: conventions,
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        // These three between them hold every file; each further one would be another pass over the same sources.
        project: ['test/tsconfig.json', 'renderer/tsconfig.json', 'build/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: typescript,
  },
  {
    files: ['**/*.vue'],
    extends: [pluginVue.configs['flat/recommended']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      ...conventions,
      // Layout is free: these only count and order attributes and line breaks.
      'vue/max-attributes-per-line': 'off',
      'vue/attributes-order': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/multi-word-component-names': ['error', { ignores: ['App'] }],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      // TypeScript knows better: it sees that a switch covers every case, and which names exist.
      'vue/return-in-computed-property': 'off',
      'no-undef': 'off',
    },
  },
  {
    // What comes out of a .vue file is unknown to this parser; vue-tsc checks those types.
    files: ['renderer/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    files: ['renderer/**/*.{ts,vue}'],
    ignores: ['renderer/api/**', ...testFiles],
    rules: {
      'no-restricted-properties': ['error', { object: 'window', property: 'netwright', message: 'Only renderer/api talks to the main process.' }],
      'no-restricted-globals': ['error', { name: 'netwright', message: 'Only renderer/api talks to the main process.' }],
    },
  },
  { files: ['build/**/*.mjs', 'test/**', 'renderer/testing/*.mjs', 'electron/cli/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: testFiles,
    rules: {
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
