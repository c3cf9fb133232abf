import js from '@eslint/js';
import tseslint from 'typescript-eslint';

const names = (list) => Object.fromEntries(list.map((name) => [name, 'readonly']));
const nodeGlobals = names(['console', 'process', 'Buffer']);
// In functions that a test hands to the browser.
const pageGlobals = names([
  'window',
  'document',
  'performance',
  'PerformanceObserver',
  'requestAnimationFrame',
]);

export default tseslint.config(
  { ignores: ['dist', 'node_modules'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Typed arrays in inner loops: an index below the length is there.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-confusing-non-null-assertion': 'off',
      // Columns of numbers hold enumerators.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
          property,
          message: 'Names and sources are hostile data, never markup.',
        })),
      ],
    },
  },
  {
    files: ['tests/**'],
    // The runner awaits its tests itself.
    rules: { '@typescript-eslint/no-floating-promises': 'off' },
  },
  { files: ['**/*.mjs'], languageOptions: { globals: { ...nodeGlobals, ...pageGlobals } } },
);
