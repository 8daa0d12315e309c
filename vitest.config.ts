import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Packages are tested from their source, so that a test needs no build.
  ssr: { resolve: { conditions: ['source', 'module', 'node', 'development|production'] } },
  test: {
    include: ['test/**/*.test.ts'],
    // Installing tarballs and running real tools is .ci/run's part: it names these folders itself.
    exclude: ['**/node_modules/**', ...(process.env['NETDRIFT_TEST_PACK'] === undefined ? ['test/pack/**'] : [])],
    passWithNoTests: true,
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['packages/cli/src/netdrift.ts'],
      reporter: ['text-summary', 'json-summary'],
    },
  },
});
