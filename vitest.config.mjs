// @ts-check
// Which tests run where, by file name. `node build/test.mjs` runs the projects one after another; by hand:
// npx vitest run path/to/file
import { defineConfig } from 'vitest/config';
import { rendererPlugins } from './build/renderer-bundle.mjs';

const slowTests = ['**/*.lab.test.ts', '**/*.stacks.test.ts', '**/*.e2e.test.ts'];
const never = ['**/node_modules/**', 'dist/**', '.cache/**', '.lab/**'];

/** What the bundler would put in place of these names. */
const define = { __NETWRIGHT_DEV__: 'false', __NETWRIGHT_VERSION__: '"0.0.0-test"' };

export default defineConfig({
  test: {
    projects: [
      {
        define,
        test: {
          name: 'unit',
          environment: 'node',
          // Property tests take their time where two cores do other things as well.
          testTimeout: 30_000,
          include: ['{shared,electron,build}/**/*.test.ts', 'test/fakes/**/*.test.ts'],
          exclude: [...never, ...slowTests],
        },
      },
      {
        define,
        plugins: rendererPlugins(),
        test: {
          name: 'renderer',
          environment: 'happy-dom',
          testTimeout: 20_000,
          include: ['renderer/**/*.test.ts'],
          exclude: [...never, ...slowTests],
        },
      },
      {
        define,
        test: {
          name: 'integration',
          environment: 'node',
          include: ['test/{integration,contract}/**/*.test.ts'],
          exclude: [...never, ...slowTests],
          testTimeout: 20_000,
        },
      },
      {
        define,
        test: {
          name: 'lab',
          environment: 'node',
          include: ['**/*.lab.test.ts'],
          exclude: never,
          // Each file starts hosts of its own; two cores carry two at a time.
          maxWorkers: 2,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        // Every kind of bridge on every network stack; run by test/matrix/stacks.mjs.
        define,
        test: { name: 'stacks', environment: 'node', maxWorkers: 2, include: ['**/*.stacks.test.ts'], exclude: never, testTimeout: 120_000, hookTimeout: 300_000 },
      },
      {
        // What npm run dist made; run by npm run test:package.
        test: {
          name: 'package',
          environment: 'node',
          include: ['test/package/*.package.test.ts'],
          exclude: never,
          // All use the one minimal root.
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
      {
        define,
        test: {
          name: 'e2e',
          environment: 'node',
          include: ['**/*.e2e.test.ts'],
          // x.lab.e2e.test.ts: through the window and against a lab host.
          exclude: process.env.NETWRIGHT_TEST_LAB === 'off' ? [...never, '**/*.lab.e2e.test.ts'] : never,
          globalSetup: ['test/e2e/global-setup.ts'],
          // One window at a time: focus and timing of two would disturb each other.
          maxWorkers: 1,
          testTimeout: 120_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
