import { defineConfig } from 'vitest/config';

const inCI = process.env['CI'] !== undefined;

/** Files that ask what is learned, or what a grammar has, where nothing was read before. test/pack has a configuration of its own. */
const ALONE = ['test/laws/known-shapes.test.ts', 'test/core/machine/known-shapes.test.ts', 'test/iptables/extensions.test.ts'];

export default defineConfig({
  // Packages are tested from their source, so that a test needs no build.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    projects: [
      // Most of a test file's time went into loading the packages again: the files of a worker share them.
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: ['**/node_modules/**', 'test/pack/**', ...ALONE], isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
    passWithNoTests: true,
    experimental: { fsModuleCache: !inCI },
    setupFiles: ['test/support/seed.ts'],
    // A loaded machine is no failure: this ends only what hangs.
    testTimeout: 600_000,
    // By default one core is left idle, which on two cores is half of the machine.
    maxWorkers: '100%',
    hookTimeout: 600_000,
    reporters: inCI ? ['default', ['json', { outputFile: 'coverage/tests.json' }]] : ['default'],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['packages/cli/src/netdrift.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: { lines: 85 },
    },
  },
});
