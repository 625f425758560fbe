// How the tests run: every file in a worker of its own, with the caller's AWS settings cleared first.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Node takes graphql's CommonJS build, Vite would take its .mjs for our own files: two realms that refuse each other's types.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/clear-environment.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    // Many tests wait for engines and timers; one worker a core less would leave a small machine idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
