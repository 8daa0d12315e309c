import { defineConfig } from 'vitest/config';

const inCI = process.env['CI'] !== undefined;

export default defineConfig({
  // Packages are tested from their source, so that a test needs no build.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // test/pack has a configuration of its own.
    exclude: ['**/node_modules/**', 'test/pack/**'],
    passWithNoTests: true,
    experimental: { fsModuleCache: !inCI },
    setupFiles: ['test/support/seed.ts'],
    // A loaded machine is no failure: this ends only what hangs.
    testTimeout: 600_000,
    // Most of a test file's time went into loading the packages again: the files of a worker share them.
    isolate: false,
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
