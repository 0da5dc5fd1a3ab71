import eslint from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import { configs as lit } from 'eslint-plugin-lit';
import litA11y from 'eslint-plugin-lit-a11y';
import globals from 'globals';
import tseslint from 'typescript-eslint';
import { missingPackages } from './bench/packages.mjs';

const TESTS = ['**/*.test.ts', '**/*.spec.ts'];
/** Typed rules have nothing to go by where TensorFlow.js is not installed. */
const WITHOUT_TYPES = missingPackages().length > 0 ? ['bench/tensorflow.ts'] : [];

export default defineConfig(
  globalIgnores(['dist', 'test-results', 'coverage', 'assembly', '**/*.local', ...WITHOUT_TYPES]),
  eslint.configs.recommended,
  {
    rules: {
      'max-lines': ['error', 400],
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { property: 'waitForTimeout', message: 'wait for what the page shows, not for time' },
        ...['test', 'it', 'describe'].flatMap((object) =>
          ['only', 'skip', 'todo'].map((property) => ({ object, property, message: 'every test runs' })),
        ),
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Numbers in messages, and `() => act()` for a callback whose result nobody reads, are plain to read.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // It knows neither that a field may change during an `await` nor that a browser may lack what the DOM types promise.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // The result of a Lit directive is such a type.
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // Taking a string apart is for pictures drawn in ASCII.
      '@typescript-eslint/no-misused-spread': 'off',
      // Lit and the DOM hand over promises where a handler returns nothing: `void` marks them at the call.
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/lab/**', ...TESTS],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['document', 'window', 'localStorage', 'HTMLElement'].map((name) => ({
          name,
          message: 'only src/lab touches the DOM',
        })),
      ],
    },
  },
  {
    files: ['src/lab/**/*.ts'],
    extends: [lit['flat/all'], litA11y.configs.recommended],
    languageOptions: { globals: globals.browser },
    rules: {
      // Lit calls a template's handlers on their element.
      '@typescript-eslint/unbound-method': 'off',
      // Handlers and lists inside a template are the usual Lit of today, and cost nothing that can be measured.
      'lit/no-template-arrow': 'off',
      'lit/no-template-map': 'off',
      // Takes a handler written in `render` for `render` itself.
      'lit/no-this-assign-in-render': 'off',
      'lit/prefer-query-decorators': 'off',
      // In a listbox or a menu the keys belong to the container; the end-to-end tests press them.
      'lit-a11y/click-events-have-key-events': 'off',
      // Where a dialog opens, its first field is where the focus belongs.
      'lit-a11y/no-autofocus': 'off',
    },
  },
  {
    // Pictures drawn in characters: data, however long.
    files: ['src/patterns/sets/**/*.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    files: TESTS,
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      // Tests put their own functions in place of the page's.
      '@typescript-eslint/unbound-method': 'off',
      // What `JSON.parse` gives back is looked into freely; a wrong guess fails the test.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);
