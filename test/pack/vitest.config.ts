import { defineConfig } from 'vitest/config';

// Run by `npm run test:pack` and .ci/run, not by `npm test`: it packs, and installs from the registry, which takes a minute.
export default defineConfig({
  test: {
    root: new URL('.', import.meta.url).pathname,
    testTimeout: 120_000,
    hookTimeout: 300_000,
    reporters: process.env['CI'] === undefined ? ['default'] : ['default', ['json', { outputFile: '../../coverage/pack-tests.json' }]],
  },
});
